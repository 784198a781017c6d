import { parseJsonObject } from '../encoding/json.ts'
import type { Http } from '../protocol/http.ts'

/** A token request from a page to the worker, in a form that survives structured cloning. */
export interface KeptRequest {
  readonly url: string
  readonly headers: [name: string, value: string][]
  /** A form (RFC 6749 appendix B). It may contain a handle instead of a refresh token. */
  readonly body: string
  /** The key that the worker must prove, if the worker holds it (RFC 9449). */
  readonly jkt?: string | undefined
}

/** The response to the page: it contains a handle instead of the refresh token. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: [name: string, value: string][]
  readonly body: string
  readonly handle?: string | undefined
}

const HANDLE = /^carnet-kept\./

/** True for a handle, of this worker or of any other worker. */
export const isHandle = (token: string): boolean => HANDLE.test(token)

/** The parameters for a refresh token: in a refresh token request (RFC 6749 section 6), and in a revocation (RFC 7009). */
const PARAMETERS = ['refresh_token', 'token'] as const

/** A refresh token, by its handle. */
interface Kept {
  readonly token: string
  readonly issuer: string
  /** The handle of the token that replaced it. The answer with that token may still be in the journal, under this handle. */
  readonly next?: string
}

/**
 * Creates a function that sends token requests and holds the refresh tokens; callers see only handles. If it runs in a
 * worker, no script of the page can read a refresh token. A handle works only in this worker. The worker puts the token of a
 * handle only into a request to the endpoint that issued the token, or into a revocation at the same origin.
 */
export function createTokenKeeper({ randomId }: { randomId: () => string }) {
  const kept = new Map<string, Kept>()

  function keep(token: string, issuer: string): string {
    for (const [handle, held] of kept)
      if (held.token === token && held.issuer === issuer) return handle
    const handle = `carnet-kept.${randomId()}`
    kept.set(handle, { token, issuer })
    return handle
  }

  /** The refresh token of a handle, if it may be sent to `url`. */
  function tokenFor(handle: string, name: (typeof PARAMETERS)[number], url: string) {
    const held = kept.get(handle)
    if (!held || held.next) return undefined
    const isFor =
      name === 'refresh_token'
        ? url === held.issuer
        : new URL(url).origin === new URL(held.issuer).origin
    return isFor ? held.token : undefined
  }

  /** Forgets the handle before this handle: no page needs the answer under it any more, and no cache sends it again. */
  function forgetEarlier(handle: string): void {
    for (const [earlier, { next }] of kept) if (next === handle) kept.delete(earlier)
  }

  /** @param keeps False if the page holds the tokens: then the request and the answer stay as they are. */
  async function send(
    { url, headers, body }: KeptRequest,
    http: Http,
    keeps = true,
  ): Promise<KeptAnswer> {
    const parameters = new URLSearchParams(body)
    const name = PARAMETERS.find((parameter) => parameters.has(parameter))
    const given = (name && parameters.get(name)) ?? ''
    let token = given
    if (keeps && name && isHandle(given)) {
      const held = tokenFor(given, name, url)
      if (held === undefined) return refusal()
      token = held
      parameters.set(name, token)
    }
    const answer = await http(url, {
      method: 'POST',
      headers,
      body: parameters,
      redirect: 'manual',
    })

    const plain = { status: answer.status, headers: [...answer.headers], body: answer.body }
    if (!keeps) return plain
    const fields = answer.status === 200 ? parseJsonObject(answer.body) : undefined
    const issued = fields?.refresh_token
    // A provider that does not rotate omits the refresh token or sends an empty value: the old token stays valid.
    const old = name === 'refresh_token' && fields ? token : ''
    const current = (typeof issued === 'string' && issued) || old
    const handle = current ? keep(current, url) : undefined
    const before = kept.get(given)
    // A token that was replaced is in the answer to an earlier request: the page refuses its handle.
    if (before && handle && handle !== given && !kept.get(handle)?.next) {
      forgetEarlier(given)
      kept.set(given, { ...before, next: handle })
    }
    const text = handle ? JSON.stringify({ ...fields, refresh_token: handle }) : answer.body
    return {
      ...plain,
      // Some providers quote the token that they received.
      body: [token, current]
        .filter((secret) => secret && !isHandle(secret))
        .flatMap((secret) => [secret, inForm(secret)])
        .reduce((all, secret) => all.replaceAll(secret, handle ?? '(secret)'), text),
      handle,
    }
  }

  return Object.assign(send, { holds: (handle: string): boolean => kept.has(handle) })
}

/** The text as it was sent in a form. */
const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

/** The response that a provider sends for an unknown token (RFC 6749 section 5.2). */
const refusal = (): KeptAnswer => ({
  status: 400,
  headers: [],
  body: '{"error":"invalid_grant"}',
})
