import * as oauth from 'oauth4webapi'
import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { expectedEntraIssuer } from '../dialects/entra/entra-authority.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { parseJsonObject } from '../encoding/json.ts'
import type { Http, HttpAnswer } from './http.ts'

declare module 'oauth4webapi' {
  /** Exported without a type: how an issuer with a template is said. */
  export const _expectedIssuer: unique symbol
}

/** @throws AuthError `invalid_id_token` where the keys of the provider do not prove the token. */
export type VerifyIdToken = (idToken: string, metadata: ProviderMetadata) => Promise<void>

/** What a call to a provider needs to know. */
export interface ProtocolDeps {
  readonly metadata: ProviderMetadata
  /** The authority that the metadata is of. */
  readonly authority: string
  readonly profile: AuthorityProfile
  readonly clientId: string
  readonly http: Http
  readonly now: () => number
  /** The time by another clock, where there is one. */
  readonly trueTimeMs: () => Promise<number | undefined>
  /** Checks the signature of an ID token, where that is wanted. */
  readonly verifyIdToken?: VerifyIdToken | undefined
  /** By how much the provider's clock was ahead of ours at the grant that a refresh goes on from. */
  readonly earlierOffsetMs?: number | undefined
}

/** Seconds that an ID token may be off; a larger difference of the clocks is read off the token (`clock-offset.ts`). */
const CLOCK_TOLERANCE_SECONDS = 60

/**
 * @param offsetMs By how much the provider's clock is ahead of ours.
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

/** The metadata in the shape that `oauth4webapi` takes. */
export function oauthServer(deps: ProtocolDeps): oauth.AuthorizationServer {
  const { metadata, authority, profile } = deps
  if (profile === 'oidc') return { ...metadata }
  // One document of Entra serves many tenants: which issuer is right depends on the token.
  return {
    ...metadata,
    [oauth._expectedIssuer]: ({ claims }: { claims: Record<string, unknown> }) =>
      expectedEntraIssuer(metadata.issuer, authority, claims.tid),
  }
}

/** Options that send a request of `oauth4webapi` over our bounded fetch, and note the answer. */
export function viaHttp(http: Http, heard: (answer: HttpAnswer) => void) {
  return {
    // Endpoints were checked when the metadata was parsed: https, or http on this machine.
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

/** What cannot be empty (RFC 6749 sections 3.3 and 5.1): written so, it stands for nothing. */
const NEVER_EMPTY = ['refresh_token', 'id_token', 'scope']

/**
 * The fields of a token response, or nothing where it is no object. Some providers write `null`, or an empty text, for
 * what they leave out, which `oauth4webapi` takes for a wrong type.
 */
export function tokenFields(body: string): Record<string, unknown> | undefined {
  const fields = parseJsonObject(body)
  const isSaid = ([name, value]: [string, unknown]) =>
    value !== null && !(value === '' && NEVER_EMPTY.includes(name))
  return fields && Object.fromEntries(Object.entries(fields).filter(isSaid))
}
