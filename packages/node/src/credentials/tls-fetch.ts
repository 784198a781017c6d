import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import { Readable } from 'node:stream'

/** The certificate of the client, its private key, and the authorities that it trusts. All are PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
  readonly ca?: string | undefined
}

const WITHOUT_BODY = new Set([204, 205, 304])

/**
 * Creates a `fetch` that presents a certificate in the TLS handshake. It follows no redirect, because the next server would see
 * the certificate too. Each request has a connection of its own: a connection that the server has closed would lose a request.
 */
export function createTlsFetch(material: TlsMaterial): typeof fetch {
  const agent = new Agent({ ...material, keepAlive: false })
  return async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers, signal } = request
    if (!url.startsWith('https:')) throw new TypeError('A certificate needs an https URL.')
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined
    return exchange(url, { agent, method, headers: Object.fromEntries(headers), signal }, body)
  }
}

function exchange(
  url: string,
  options: RequestOptions,
  body: Uint8Array | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(url, options, (answer) => {
      const status = answer.statusCode ?? 0
      const headers = new Headers()
      for (const [name, values = []] of Object.entries(answer.headersDistinct))
        for (const value of values) headers.append(name, value)
      if (WITHOUT_BODY.has(status)) answer.resume()
      const stream = WITHOUT_BODY.has(status) ? null : (Readable.toWeb(answer) as ReadableStream)
      resolve(new Response(stream, { status, statusText: answer.statusMessage ?? '', headers }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
