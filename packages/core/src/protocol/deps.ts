import * as oauth from 'oauth4webapi'
import type { Parameters, ProviderDialect } from '../dialects/provider-dialect.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { parseJsonObject } from '../encoding/json.ts'
import type { Http, HttpAnswer } from './http.ts'

declare module 'oauth4webapi' {
  /** An export without a type: a function that returns the expected issuer, for issuers with a template. */
  export const _expectedIssuer: unique symbol
}

/**
 * Verifies the signature of an ID token.
 *
 * @throws AuthError `invalid_id_token` if no key of the provider verifies the signature.
 */
export type VerifyIdToken = (idToken: string, metadata: ProviderMetadata) => Promise<void>

/** The key that a token request proves, with an `Http` that adds its proofs (RFC 9449). */
export interface Binding {
  readonly http: Http
  /** The thumbprint of the key. */
  readonly jkt: string
  /** True if a bearer token is no answer. */
  readonly isRequired: boolean
}

/** The dependencies of a request to a provider. */
export interface ProtocolDeps {
  readonly metadata: ProviderMetadata
  /** The authority of the metadata. */
  readonly authority: string
  readonly dialect: ProviderDialect
  readonly clientId: string
  readonly http: Http
  /** The key of the request, if the client uses DPoP. `http` must be the `http` of the binding then. */
  readonly binding?: Binding | undefined
  readonly now: () => number
  /** The time by a clock of another machine, if there is one; see `Platform.trueTimeMs`. */
  readonly trueTimeMs: () => Promise<number | undefined>
  /** Verifies the signature of an ID token, if the app wants this check. */
  readonly verifyIdToken?: VerifyIdToken | undefined
  /** For a refresh: how far the provider's clock was ahead of the page's clock at the earlier grant, in milliseconds. */
  readonly earlierOffsetMs?: number | undefined
}

/** The clock tolerance for ID tokens. Larger differences are computed from the token (`clock-offset.ts`). */
const CLOCK_TOLERANCE_SECONDS = 60

/**
 * The client in the form of `oauth4webapi`.
 *
 * @param offsetMs How far the provider's clock is ahead of the page's clock, in milliseconds.
 * @param algorithm The algorithm of the ID token, if it was checked before.
 */
export function oauthClient(
  { clientId, now }: Pick<ProtocolDeps, 'clientId' | 'now'>,
  offsetMs = 0,
  algorithm?: string,
): oauth.Client {
  return {
    client_id: clientId,
    ...(algorithm === undefined ? {} : { id_token_signed_response_alg: algorithm }),
    // oauth4webapi has no clock parameter, only a skew in seconds against Date.now().
    [oauth.clockSkew]: Math.round((now() + offsetMs - Date.now()) / 1000),
    [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
  }
}

/** The metadata in the form of `oauth4webapi`. */
export function oauthServer(deps: ProtocolDeps): oauth.AuthorizationServer {
  const { metadata, authority, dialect } = deps
  return {
    ...metadata,
    [oauth._expectedIssuer]: ({ claims }: { claims: Record<string, unknown> }) =>
      dialect.expectedIssuer(metadata.issuer, authority, claims),
  }
}

/** The parameters that have a value. */
export const present = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

/** Options that send a request of `oauth4webapi` through `http`. `heard` receives the response. */
export function viaHttp(http: Http, heard: (answer: HttpAnswer) => void) {
  return {
    // The parser of the metadata checked the endpoints: https, or http on this machine.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: async (
      url: string,
      init: oauth.CustomFetchOptions<'POST', URLSearchParams>,
    ): Promise<Response> => {
      const { method, headers, body } = init
      const answer = await http(url, { method, headers, body, redirect: 'manual' })
      heard(answer)
      const { status } = answer
      const empty = status === 204 || status === 205
      const fields = status === 200 ? tokenFields(answer.body) : undefined
      const text = fields ? JSON.stringify(fields) : answer.body
      return new Response(empty ? null : text, { status, headers: answer.headers })
    },
  }
}

/** Fields that cannot be empty (RFC 6749 sections 3.3 and 5.1). An empty value counts as an absent field. */
const NEVER_EMPTY = ['refresh_token', 'id_token', 'scope']

/**
 * Parses the fields of a token response; `undefined` if the body is no JSON object. Some providers send `null` or an empty
 * string for an absent field; `oauth4webapi` would refuse this as a wrong type, so such fields are removed.
 */
export function tokenFields(body: string): Record<string, unknown> | undefined {
  const fields = parseJsonObject(body)
  const isSaid = ([name, value]: [string, unknown]) =>
    value !== null && !(value === '' && NEVER_EMPTY.includes(name))
  return fields && Object.fromEntries(Object.entries(fields).filter(isSaid))
}
