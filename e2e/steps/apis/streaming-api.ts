import { createHash } from 'node:crypto'
import { createSecureServer, type Http2ServerRequest, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createClientCertificate } from '@carnet/idp'

/**
 * An API over HTTP/2, without which Chromium streams no body. It passes each token on to the echo of `issuer`, and returns the
 * length and the SHA-256 of the body that it received.
 */
export async function startStreamingApi(issuer: string) {
  const certificate = await createClientCertificate({ name: 'localhost', keyType: 'ec' })
  const server = createSecureServer(certificate, async (request, response) => {
    const { authorization = '', origin = '*' } = request.headers
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-headers', 'authorization')
    response.setHeader('access-control-expose-headers', 'www-authenticate')
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const received = await digestOf(request)
    const checked = await fetch(`${issuer}/api/echo`, { headers: { authorization } })
    const challenge = checked.headers.get('www-authenticate')
    if (challenge !== null) response.setHeader('www-authenticate', challenge)
    response.writeHead(checked.status).end(JSON.stringify(received))
  })
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/upload`,
    close: () => {
      // The browser keeps its connections.
      for (const session of sessions) session.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

async function digestOf(request: Http2ServerRequest) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
