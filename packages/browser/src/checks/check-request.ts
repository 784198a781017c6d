import { AuthError, PROTOCOL_PARAMETERS } from '@carnet/core'
import {
  areParameters,
  areScopes,
  type Check,
  checkFields,
  isAuthority,
  isBoolean,
  isFunction,
  isNotNegative,
  isOneOf,
  isOwnOrSecureUrl,
  isPositive,
  isSameOrigin,
  isText,
  orNull,
  SET_BY_CARNET,
} from './check-fields.ts'
import { signOutRules } from './check-sign-out.ts'

/** Parameters of the protocol, which an app must not set. */
const OWN_PARAMETERS =
  'client_id redirect_uri response_type response_mode code_challenge code_challenge_method request request_uri client_info X-AnchorMailbox'.split(
    ' ',
  )

/** Parameters that have their own field in a request. */
const FIELDS = 'scopes state nonce prompt maxAgeMs loginHint sid domainHint claims resource'.split(
  ' ',
)

const isAccount: Check = (value) => {
  const account = value as Record<string, unknown> | null
  const ids = [account?.homeAccountId, account?.environment, account?.tenantId]
  return ids.every((id) => typeof id === 'string') ? undefined : 'must be one of `auth.accounts`'
}

const isSignal: Check = (value) =>
  value instanceof AbortSignal ? undefined : 'must be an AbortSignal'

/** Checks parameters of an authorization request. */
export const areExtraParameters = areParameters((name) => {
  if (OWN_PARAMETERS.includes(name)) return SET_BY_CARNET
  const asField = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
  const field = FIELDS.find((one) => [asField, `${asField}s`, `${asField}Ms`].includes(one))
  return field && `: use the field \`${field}\``
})

/** Checks parameters of a token request. */
export const areTokenParameters = areParameters((name) => {
  if (PROTOCOL_PARAMETERS.has(name)) return SET_BY_CARNET
  return name === 'claims' ? ': use the field `claims`' : undefined
})

const isJson: Check = (value) => {
  try {
    const parsed: unknown = JSON.parse(value as string)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? undefined
      : 'must be a JSON object'
  } catch {
    return 'must be JSON'
  }
}

const token = {
  scopes: areScopes,
  account: isAccount,
  authority: isAuthority,
  claims: isJson,
  resource: isText,
  extraParameters: areExtraParameters,
  tokenParameters: areTokenParameters,
  maxAgeMs: isNotNegative,
  signal: isSignal,
  correlationId: isText,
}

/** A shorter value could be guessed (OpenID Connect Core section 15.5.2). */
const SHORTEST_NONCE = 16

const isNonce: Check = (value) =>
  isText(value) ??
  ((value as string).length < SHORTEST_NONCE
    ? `must have at least ${SHORTEST_NONCE} characters that nobody can guess`
    : undefined)

/** A URL of this origin that a response can return to. */
const isRedirectUri =
  (origin: string): Check =>
  (value) =>
    isSameOrigin(origin)(value) ??
    (new URL(value as string, origin).hash === '' ? undefined : 'must have no fragment')

const interactive = (origin: string) => ({
  ...token,
  prompt: isText,
  loginHint: isText,
  sid: isText,
  domainHint: isText,
  extraScopesToConsent: areScopes,
  state: isText,
  returnTo: (value: unknown) => (value === false ? undefined : isSameOrigin(origin)(value)),
  redirectUri: isRedirectUri(origin),
  activates: isBoolean,
  popupFeatures: isText,
  openPopup: isFunction,
  nonce: isNonce,
})

/** A flag, or the ID token itself: a JWT in compact form, signed or encrypted. */
const isHint: Check = (value) =>
  typeof value === 'boolean' || /^[\w-]+(\.[\w-]*){2,4}$/.test(String(value))
    ? undefined
    : 'must be true, false or an ID token'

const SOURCES = ['cache', 'refresh', 'iframe']

const areSources: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((source) => SOURCES.includes(source))
    ? undefined
    : `must be an array of ${SOURCES.join(', ')}`

const silent = {
  forceRefresh: isBoolean,
  sources: areSources,
  minLifetimeMs: isNotNegative,
  iframeTimeoutMs: isPositive,
}

const INTERACTIONS = isOneOf('redirect', 'popup')
const INTERACTIONS_OR_NONE = isOneOf('redirect', 'popup', 'none')

/** Checks a request before it is sent. @throws AuthError `invalid_request` with every invalid field. */
export const checkRequest = {
  silent: (request: unknown) =>
    checkFields('The request', 'invalid_request', request, { ...token, ...silent }, ['scopes']),
  interactive: (request: unknown, origin: string) =>
    checkFields('The request', 'invalid_request', request, {
      ...interactive(origin),
      interaction: INTERACTIONS,
    }),
  acquire: (request: unknown, origin: string) =>
    checkFields(
      'The request',
      'invalid_request',
      request,
      { ...interactive(origin), ...silent, interaction: INTERACTIONS_OR_NONE },
      ['scopes'],
    ),
  sso: (request: unknown, origin: string) => {
    const {
      prompt: _,
      returnTo: __,
      extraScopesToConsent: ___,
      popupFeatures: ____,
      openPopup: _____,
      ...fields
    } = interactive(origin)
    checkFields('The request', 'invalid_request', request, {
      ...fields,
      iframeTimeoutMs: isPositive,
    })
  },
  address: (address: unknown, origin: string) => {
    if (typeof address === 'string' && URL.canParse(address, origin)) return
    throw new AuthError('invalid_request', 'The address must be a URL, `#…` or `?…`.')
  },
  peek: (request: unknown) => {
    const { scopes, account, resource, extraParameters, tokenParameters } = token
    const rules = { scopes, account, resource, extraParameters, tokenParameters }
    checkFields('The request', 'invalid_request', request, rules, ['scopes'])
  },
  revoke: (request: unknown) => {
    const types: Check = (value) =>
      Array.isArray(value) && value.every((type) => type === 'refresh' || type === 'access')
        ? undefined
        : 'must be an array of refresh, access'
    checkFields('The request', 'invalid_request', request, { account: isAccount, types })
  },
  authority: (authority: unknown) => {
    const problem = isAuthority(authority)
    if (problem !== undefined) throw new AuthError('invalid_request', `The authority ${problem}.`)
  },
  userInfo: (request: unknown) => {
    const { account, signal, correlationId } = token
    checkFields('The request', 'invalid_request', request, { account, signal, correlationId })
  },
  signOut: (request: unknown, origin: string) =>
    checkFields('The request', 'invalid_request', request, {
      account: (value: unknown) => (value === 'all' ? undefined : isAccount(value)),
      authority: isAuthority,
      interaction: isOneOf('redirect', 'popup', 'iframe', 'none'),
      state: isText,
      postLogoutRedirectUri: orNull(isOwnOrSecureUrl(origin)),
      logoutHint: orNull(isText),
      ...signOutRules,
      idTokenHint: isHint,
      popupFeatures: isText,
      openPopup: isFunction,
      revoke: isBoolean,
      correlationId: isText,
    }),
  account: (account: unknown) => {
    const problem = isAccount(account)
    if (problem !== undefined) throw new AuthError('invalid_request', `The account ${problem}.`)
  },
}
