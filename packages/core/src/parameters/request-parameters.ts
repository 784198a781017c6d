import { shape, text } from '../records/shape.ts'
import { dictionaryOf } from '../records/shapes.ts'
import { detailsKeyOf } from './authorization-details.ts'
import { digestOf } from './digest.ts'

type Parameters = Readonly<Record<string, string>>

/** Request parameters that change a grant or its tokens, besides the account, the resource and the scopes. */
export interface RequestParameters {
  /** Parameters of the authorization request (`audience`, `acr_values`, `claims`, ...), by their wire names. */
  readonly authorization: Parameters
  /** Parameters of the token request. */
  readonly token: Parameters
}

/** How a provider treats the parameters of a grant. */
export interface ParameterRules {
  /**
   * True if a claims request (OpenID Connect Core section 5.5) answers one challenge, and is no part of the grant. The
   * refresh token answers every other claims request too.
   */
  readonly claimsAnswerOneChallenge: boolean
}

/** The keys of `RequestParameters`: digests, equal for equal parameters, and `undefined` for no parameters. */
export interface ParameterKeys {
  /** The key of all parameters except authorization details. Tokens are found by it. */
  readonly parametersKey?: string | undefined
  /** The key of the authorization details (RFC 9396) in canonical form. Tokens are found by it. */
  readonly detailsKey?: string | undefined
  /** The key of the parameters that bind a grant. The refresh token and the consents of the grant are found by it. */
  readonly grantKey?: string | undefined
}

/** The fields of a request that become `RequestParameters`. */
export interface ParametersOfRequest {
  readonly extraParameters?: Parameters | undefined
  readonly tokenParameters?: Parameters | undefined
  readonly claims?: string | undefined
}

/**
 * Parameters of an authorization request that do not change a token. They are sent with their own request only, and are not
 * part of any key. All other parameters count as changing the token.
 */
export const NEUTRAL_PARAMETERS: ReadonlySet<string> = new Set([
  // The look of the provider's pages (OpenID Connect Core section 3.1.2.1, and the names that providers use for it).
  ...['display', 'ui_locales', 'kc_locale', 'lang', 'locale', 'mkt', 'screen_hint', 'theme'],
  // The choice of the provider's pages.
  ...['prompt', 'kc_action', 'enable_granular_consent'],
  // The expected user, and the place of the sign-in. The account is part of every key already.
  ...['login_hint', 'id_token_hint', 'domain_hint', 'hd', 'idp_hint', 'kc_idp_hint'],
  // One-time tickets: a silent request must not repeat them.
  ...['invitation', 'login_ticket', 'session_token', 'sessionToken'],
])

/** The parameters of a token request that belong to the protocol. An app cannot replace them. */
export const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set([
  ...['grant_type', 'client_id', 'code', 'code_verifier', 'redirect_uri', 'refresh_token'],
  ...['scope', 'resource', 'client_info', 'X-AnchorMailbox'],
])

/**
 * The parameters of a request. Parameters of the request override the parameters of `earlier`. An empty value removes a
 * parameter (RFC 6749 section 3.1).
 *
 * @param earlier The parameters of the account's sign-in; `undefined` for a new sign-in.
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

/** The parameters of a sign-in that later requests repeat. */
export const lastingParameters = (
  { authorization, token }: RequestParameters,
  rules: ParameterRules,
): RequestParameters => ({
  authorization: bindingParameters(authorization, rules),
  token,
})

/** The fields for a request that repeats the parameters of a query. */
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

/** The parameters to add to a token request, without the parameters of the protocol. */
export const forTokenRequest = (parameters: RequestParameters | undefined): Parameters =>
  Object.fromEntries(
    Object.entries({ ...parameters?.authorization, ...parameters?.token }).filter(
      ([name]) => !PROTOCOL_PARAMETERS.has(name),
    ),
  )

/** Computes the keys. They are SHA-256 digests, because keys are stored unencrypted and a parameter may be a secret. */
export async function parameterKeys(
  { authorization, token }: RequestParameters,
  rules: ParameterRules,
): Promise<ParameterKeys> {
  const bound = bindingParameters(authorization, rules)
  // The details of a token request narrow the details of its grant (RFC 9396 section 6): the token has the narrow details.
  const { authorization_details: narrowed, ...ofToken } = token
  const { authorization_details: granted, ...others } = authorization
  const [parametersKey, grantKey, detailsKey] = await Promise.all([
    keyOf(sorted(narrowed === undefined ? others : authorization), sorted(ofToken)),
    keyOf(sorted(bound)),
    detailsKeyOf(narrowed ?? granted),
  ])
  return { parametersKey, grantKey, detailsKey }
}

/** Picks the keys from a query, or from the terms of a sign-in. */
export const keysOf = ({ parametersKey, detailsKey, grantKey }: ParameterKeys): ParameterKeys => ({
  parametersKey,
  detailsKey,
  grantKey,
})

/** Parses parameters from the store or from another tab; `undefined` for any other value. */
export const parseRequestParameters = shape<RequestParameters>({
  authorization: dictionaryOf(text),
  token: dictionaryOf(text),
})

/** The parameters of an authorization request that bind its grant. */
const bindingParameters = (authorization: Parameters, rules: ParameterRules): Parameters =>
  rules.claimsAnswerOneChallenge ? withoutClaims(authorization) : authorization

const withoutClaims = ({ claims: _, ...others }: Parameters): Parameters => others

const unlessEmpty = (parameters: Parameters) =>
  Object.keys(parameters).length > 0 ? parameters : undefined

const present = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))

const sorted = (parameters: Parameters) =>
  Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))

const keyOf = async (...parts: readonly (readonly unknown[])[]): Promise<string | undefined> =>
  parts.every((part) => part.length === 0) ? undefined : digestOf(JSON.stringify(parts))
