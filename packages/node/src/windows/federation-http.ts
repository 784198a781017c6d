import { AuthError } from '@carnet/core'
import { createHttp, retryAtMs } from '@carnet/core/services'
import { readXml, type XmlElement, XmlProblem } from './xml.ts'

/** The answer of a federation server. */
export interface XmlAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly root: XmlElement
}

/** Requests to the user realm endpoint and to federation servers. No redirect is followed, because a ticket may be on the way. */
export interface FederationHttp {
  /** Reads a JSON object. @throws AuthError */
  getJson(url: string, place: string): Promise<Readonly<Record<string, unknown>>>
  /** Reads an XML document of status 200. @throws AuthError */
  getXml(url: string, place: string): Promise<XmlAnswer>
  /** Sends a SOAP envelope. An answer with a fault has any status. @throws AuthError */
  post(
    url: string,
    body: string,
    headers: Record<string, string>,
    place: string,
  ): Promise<XmlAnswer>
}

interface Deps {
  readonly fetch: typeof fetch
  readonly timeoutMs: number
  readonly now: () => number
}

/** Creates the requests to federation servers. */
export function createFederationHttp({ fetch, timeoutMs, now }: Deps): FederationHttp {
  const http = createHttp({ fetch, timeoutMs })

  async function send(url: string, init: RequestInit, place: string) {
    const answer = await http(url, { ...init, redirect: 'manual' })
    const { status, headers, body } = answer
    // A server that asks for Kerberos sends a page for browsers.
    const asksForTicket = /\bnegotiate\b/i.test(headers.get('www-authenticate') ?? '')
    if (status === 401 && asksForTicket) return { status, headers, text: body }
    if (status === 407 || status === 511 || isPage(headers, body)) {
      // A page with status 500 or 404 probably comes from the server itself.
      if (status !== 500 && status !== 404) throw byIntermediary(place, status)
      throw failed(place, status, status === 500 ? 'server_error' : 'federation_metadata_invalid')
    }
    const isFault = /^\s*</.test(body)
    if (status === 408 || status === 429 || (status >= 500 && !isFault)) {
      const serverNowMs = Date.parse(headers.get('date') ?? '') || now()
      const at = retryAtMs(headers.get('retry-after'), now(), serverNowMs)
      throw failed(place, status, 'server_error', at)
    }
    return { status, headers, text: body }
  }

  async function xmlOf(answer: Awaited<ReturnType<typeof send>>, place: string) {
    try {
      return { ...answer, root: await readXml(answer.text) }
    } catch (cause) {
      if (!(cause instanceof XmlProblem)) throw cause
      throw new AuthError(
        'federation_metadata_invalid',
        `The answer of ${place} is not valid. ${cause.message}`,
        { cause },
      )
    }
  }

  return {
    async getJson(url, place) {
      const { status, text } = await send(url, { headers: { accept: 'application/json' } }, place)
      const value = status === 200 ? parseObject(text) : undefined
      if (value) return value
      throw failed(place, status, 'federation_metadata_invalid')
    },
    async getXml(url, place) {
      const accept = 'application/xml, text/xml, application/soap+xml'
      const answer = await send(url, { headers: { accept } }, place)
      if (answer.status !== 200) throw failed(place, answer.status, 'federation_metadata_invalid')
      return xmlOf(answer, place)
    },
    async post(url, body, headers, place) {
      const answer = await send(url, { method: 'POST', body, headers }, place)
      if (answer.status === 401) throw refused(place)
      if (!/^\s*</.test(answer.text)) throw failed(place, answer.status, 'federation_refused')
      return xmlOf(answer, place)
    },
  }
}

/** True for a web page. The documents of federation servers are XML too, so only the type and the beginning tell. */
const isPage = (headers: Headers, body: string): boolean =>
  /\b(x?html)\b/i.test(headers.get('content-type') ?? '') ||
  /^\s*<(!doctype\s+html|html)\b/i.test(body)

const byIntermediary = (place: string, status: number) =>
  new AuthError(
    'intermediary_answered',
    `A proxy, a gateway or a captive portal answered instead of ${place}, with status ${status}.`,
  )

const failed = (
  place: string,
  status: number,
  code: 'server_error' | 'federation_metadata_invalid' | 'federation_refused',
  at?: number,
) =>
  new AuthError(code, `The answer of ${place} has status ${status} and no usable content.`, {
    retryAtMs: at,
  })

const refused = (place: string) =>
  new AuthError('kerberos_refused', `The Kerberos token was refused by ${place} with status 401.`)

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
