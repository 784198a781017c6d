import { parseJsonObject } from '../encoding/json.ts'
import type { Http } from '../protocol/http.ts'

/** A token request on its way from a page to its keeper: what survives structured cloning. */
export interface KeptRequest {
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** A form (RFC 6749 appendix B), in which a handle may stand for a refresh token. */
  readonly body: string
}

/** The answer on its way back: a handle stands in it for the refresh token. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly handle: string | undefined
}

const HANDLE = /^carnet-kept\./

/** True for what stands in the place of a refresh token, wherever its keeper is. */
export const isHandle = (token: string): boolean => HANDLE.test(token)

/** The parameters in which a refresh token is sent: to be redeemed (RFC 6749 section 6), or revoked (RFC 7009). */
const PARAMETERS = ['refresh_token', 'token'] as const

/**
 * Sends token requests and keeps the refresh tokens that come: whoever asks sees handles only. Run it in a worker, and
 * no script of the page can read a refresh token. A handle is of use only here, and is exchanged for the token only on
 * the way to the endpoint that issued it, or to be revoked at the same origin.
 */
export function createTokenKeeper(deps: { http: Http; randomId: () => string }) {
  const { http, randomId } = deps
  const kept = new Map<string, { readonly token: string; readonly issuer: string }>()

  function keep(token: string, issuer: string): string {
    for (const [handle, held] of kept) if (held.token === token) return handle
    const handle = `carnet-kept.${randomId()}`
    kept.set(handle, { token, issuer })
    return handle
  }

  /** The token that is meant, where it may be sent to `url`. */
  function tokenFor(handle: string, name: (typeof PARAMETERS)[number], url: string) {
    const held = kept.get(handle)
    const isFor =
      held &&
      (name === 'refresh_token'
        ? url === held.issuer
        : new URL(url).origin === new URL(held.issuer).origin)
    return isFor ? held.token : undefined
  }

  return async function send({ url, headers, body }: KeptRequest): Promise<KeptAnswer> {
    const parameters = new URLSearchParams(body)
    const name = PARAMETERS.find((parameter) => parameters.has(parameter))
    const given = (name && parameters.get(name)) ?? ''
    let token = given
    if (name && isHandle(given)) {
      const held = tokenFor(given, name, url)
      if (held === undefined) return refusal(given)
      token = held
      parameters.set(name, token)
    }
    const answer = await http(url, {
      method: 'POST',
      headers: headers.map(([header, value]): [string, string] => [header, value]),
      body: parameters,
      redirect: 'manual',
    })

    const fields = answer.status === 200 ? parseJsonObject(answer.body) : undefined
    const issued = typeof fields?.refresh_token === 'string' ? fields.refresh_token : undefined
    // A provider that does not rotate leaves it out, or empty: the one that was sent goes on.
    const current = issued || (name === 'refresh_token' && fields ? token : '')
    const handle = current === '' ? undefined : keep(current, url)
    if (isHandle(given) && handle !== undefined && handle !== given) kept.delete(given)
    const text =
      handle === undefined ? answer.body : JSON.stringify({ ...fields, refresh_token: handle })
    return {
      status: answer.status,
      headers: [...answer.headers],
      // Some quote what they were sent.
      body: [token, current]
        .filter((secret) => secret !== '' && !isHandle(secret))
        .flatMap((secret) => [secret, inForm(secret)])
        .reduce((all, secret) => all.replaceAll(secret, handle ?? '(secret)'), text),
      handle,
    }
  }
}

/** As it was sent. */
const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

/** What a provider would say of a token that it does not know (RFC 6749 section 5.2). */
const refusal = (handle: string): KeptAnswer => ({
  status: 400,
  headers: [],
  body: JSON.stringify({
    error: 'invalid_grant',
    error_description: `${handle} is not kept here.`,
  }),
  handle: undefined,
})
