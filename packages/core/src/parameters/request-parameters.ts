import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { shape, text } from '../records/shape.ts'
import { dictionaryOf } from '../records/shapes.ts'
import { detailsKeyOf } from './authorization-details.ts'
import { digestOf } from './digest.ts'

type Parameters = Readonly<Record<string, string>>

/** The parameters by which a grant and its tokens may differ from others of the same account, resource and scopes. */
export interface RequestParameters {
  /** Parameters of the authorization request (`audience`, `acr_values`, `claims`, ...), by their wire names. */
  readonly authorization: Parameters
  /** Parameters of the token request. */
  readonly token: Parameters
}

/** The keys of those parameters: equal for equal parameters, `undefined` for none. They hold no parameter in clear. */
export interface ParameterKeys {
  /** Of all parameters but authorization details: tokens are found by it. */
  readonly parametersKey?: string | undefined
  /** Of the authorization details (RFC 9396), however they are written: tokens are found by it. */
  readonly detailsKey?: string | undefined
  /** Of the parameters that bind a grant, so the refresh token and the consents of the grant are found by it. */
  readonly grantKey?: string | undefined
}

/** The parameters of that kind in a request. */
export interface ParametersOfRequest {
  readonly extraParameters?: Parameters | undefined
  readonly tokenParameters?: Parameters | undefined
  readonly claims?: string | undefined
}

/**
 * Parameters of an authorization request that do not change a token. They are sent with their own request only, and are
 * no part of any key. Every other parameter counts as one that changes the token.
 */
export const NEUTRAL_PARAMETERS: ReadonlySet<string> = new Set([
  // How the pages of the provider look (OpenID Connect Core section 3.1.2.1, and names of providers for it).
  ...['display', 'ui_locales', 'kc_locale', 'lang', 'locale', 'mkt', 'screen_hint', 'theme'],
  // Whether a page is shown, and which page is the first one.
  ...['prompt', 'kc_action', 'enable_granular_consent'],
  // The expected user, and the place of the sign-in. The account is part of every key already.
  ...['login_hint', 'id_token_hint', 'domain_hint', 'hd', 'idp_hint', 'kc_idp_hint'],
  // Tickets that work once: a silent request must not repeat them.
  ...['invitation', 'login_ticket', 'session_token', 'sessionToken'],
])

/** The parameters of a token request that belong to the protocol: no request of an app replaces them. */
export const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set([
  ...['grant_type', 'client_id', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'],
  ...['scope', 'resource', 'client_info', 'X-AnchorMailbox'],
])

/**
 * The parameters that a request is for: those of `earlier`, the sign-in of its account, where the request does not name
 * them itself. An empty value leaves a parameter out (RFC 6749 section 3.1).
 *
 * @param earlier Nothing for a sign-in, which starts anew.
 */
export function requestParameters(
  { extraParameters, tokenParameters, claims }: ParametersOfRequest,
  earlier?: RequestParameters,
): RequestParameters {
  const binding = Object.entries(extraParameters ?? {}).filter(
    ([name]) => !NEUTRAL_PARAMETERS.has(name),
  )
  const named = claims === undefined ? binding : [...binding, ['claims', claims] as const]
  return {
    authorization: present({ ...earlier?.authorization, ...Object.fromEntries(named) }),
    token: present({ ...earlier?.token, ...tokenParameters }),
  }
}

/** The parameters of a sign-in that later requests repeat. At Entra a claims request answers one challenge. */
export const lastingParameters = (
  { authorization, token }: RequestParameters,
  profile: AuthorityProfile,
): RequestParameters => ({
  authorization: profile === 'entra' ? withoutClaims(authorization) : authorization,
  token,
})

/** The fields of a request that is to repeat the parameters of a question. */
export const parametersToRepeat = ({
  parameters,
  maxAgeMs,
}: {
  readonly parameters?: RequestParameters | undefined
  readonly maxAgeMs?: number | undefined
}) => ({
  extraParameters: unlessEmpty(withoutClaims(parameters?.authorization ?? {})),
  tokenParameters: unlessEmpty(parameters?.token ?? {}),
  maxAgeMs,
})

/** The parameters to add to a token request, which the protocol's own never are. */
export const forTokenRequest = (parameters: RequestParameters | undefined): Parameters =>
  Object.fromEntries(
    Object.entries({ ...parameters?.authorization, ...parameters?.token }).filter(
      ([name]) => !PROTOCOL_PARAMETERS.has(name),
    ),
  )

/** A SHA-256 digest: a parameter may be a secret, and keys lie in clear. */
export async function parameterKeys(
  { authorization, token }: RequestParameters,
  profile: AuthorityProfile,
): Promise<ParameterKeys> {
  // One refresh token of Entra answers every claims request of its account.
  const bound = profile === 'entra' ? withoutClaims(authorization) : authorization
  // The details of a token request narrow the details of its grant (RFC 9396, section 6). So the token has them.
  const { authorization_details: narrowed, ...ofToken } = token
  const { authorization_details: granted, ...others } = authorization
  const [parametersKey, grantKey, detailsKey] = await Promise.all([
    keyOf(sorted(narrowed === undefined ? others : authorization), sorted(ofToken)),
    keyOf(sorted(bound)),
    detailsKeyOf(narrowed ?? granted),
  ])
  return { parametersKey, grantKey, detailsKey }
}

/** The keys alone, of a query or of what an account signed in with. */
export const keysOf = ({ parametersKey, detailsKey, grantKey }: ParameterKeys): ParameterKeys => ({
  parametersKey,
  detailsKey,
  grantKey,
})

/** Reads stored parameters, or those that another tab names; `undefined` where they are none. */
export const parseRequestParameters = shape<RequestParameters>({
  authorization: dictionaryOf(text),
  token: dictionaryOf(text),
})

const withoutClaims = ({ claims: _, ...others }: Parameters): Parameters => others

const unlessEmpty = (parameters: Parameters) =>
  Object.keys(parameters).length > 0 ? parameters : undefined

const present = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))

const sorted = (parameters: Parameters) =>
  Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))

const keyOf = async (...parts: readonly (readonly unknown[])[]): Promise<string | undefined> =>
  parts.every((part) => part.length === 0) ? undefined : digestOf(JSON.stringify(parts))
