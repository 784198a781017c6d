import {
  AuthError,
  hasPlainIssuer,
  isIssuerOf,
  isSecureUrl,
  problemOfMembers,
  profileOf,
} from '@carnet/core'
import { type AuthClientOptions, DEFAULT_SCOPES } from '../api/options.ts'
import {
  areParameters,
  areScopes,
  type Check,
  checkFields,
  isAuthority,
  isBoolean,
  isFunction,
  isObject,
  isObjectOf,
  isOneOf,
  isOwnOrSecureUrl,
  isPositive,
  isSameOrigin,
  isText,
  orNull,
  SET_BY_CARNET,
} from './check-fields.ts'
import { areExtraParameters, areTokenParameters } from './check-request.ts'
import { signOutRules } from './check-sign-out.ts'

/**
 * Checks the options except `resources`, and returns a copy that includes inherited options and options with accessors.
 *
 * @throws AuthError `invalid_options`, with every invalid option and its fix; `insecure_context` if the page has no origin
 * that a response can return to.
 */
export function checkOptions(options: unknown, origin: string): AuthClientOptions {
  if (origin === 'null')
    throw new AuthError('insecure_context', 'The page is sandboxed, or a file: it has no origin.')
  const rules = rulesFor(origin)
  const copy = copyOf(options, Object.keys(rules))
  if (isObject(copy))
    for (const [name, known] of Object.entries(nestedRules(origin)))
      if (copy[name] !== undefined) copy[name] = copyOf(copy[name], Object.keys(known))
  checkFields('Options', 'invalid_options', copy, rules, ['clientId', 'authority'])
  const checked = copy as unknown as AuthClientOptions
  assertIssuer(checked)
  assertKeyHolder(checked)
  return checked
}

/** Copies own and inherited fields; inherited fields only if their names are known. */
function copyOf(value: unknown, known: readonly string[]): unknown {
  if (!isObject(value)) return value
  const named = known.filter((name) => value[name] !== undefined)
  return { ...value, ...Object.fromEntries(named.map((name) => [name, value[name]])) }
}

/** A URL that a provider may redirect to. */
const withoutFragment =
  (origin: string, isUrl: Check): Check =>
  (value) =>
    isUrl(value) ??
    (new URL(value as string, origin).hash === '' ? undefined : 'must have no fragment')

const isRedirectUri = (origin: string) => withoutFragment(origin, isSameOrigin(origin))

const rulesFor = (origin: string): Readonly<Record<string, Check>> => {
  const nested = nestedRules(origin)
  return {
    clientId: isText,
    authority: isAuthority,
    issuer: isAuthority,
    metadataUrl: isDocumentUrl,
    metadata: isMetadata,
    authorityProfile: isOneOf('auto', 'oidc', 'entra', 'auth0'),
    clientCapabilities: areTexts,
    idTokenClaims: areTexts,
    redirectUri: isRedirectUri(origin),
    postLogoutRedirectUri: orNull(withoutFragment(origin, isOwnOrSecureUrl(origin))),
    scopes: areScopes,
    defaultScopes: areDefaultScopes,
    responseMode: isOneOf('fragment', 'query'),
    response: isOneOf('take', 'leave'),
    cache: isObjectOf(nested.cache),
    activeAccount: isOneOf('shared', 'tab'),
    tokens: isOneOf('page', 'worker'),
    tokenWorker: isFunction,
    tokenServiceWorker: isFunction,
    verifyIdTokenSignature: isBoolean,
    renewal: isObjectOf(nested.renewal),
    interaction: isObjectOf(nested.interaction),
    silent: isObjectOf(nested.silent),
    signOut: isObjectOf(nested.signOut),
    extraParameters: areExtraParameters,
    tokenParameters: areTokenParameters,
    requestHeaders: areHeaders,
    requestTimeoutMs: isPositive,
    logger: isFunction,
    fetch: isFunction,
    clock: isClock,
    dpop: isDpop,
    dpopAlgorithm: isOneOf('ES256', 'Ed25519'),
    par: isOneOf('auto', 'always'),
    resources: () => undefined, // Its own part checks it.
    onChallenge: (value) =>
      value === 'snapshot' || !isFunction(value) ? undefined : 'must be a function or "snapshot"',
    discoverResources: isBoolean,
  }
}

/** Members of a discovery document. A wrong type is an error here, but it is ignored in a fetched document. */
const isMetadata: Check = (value) => {
  if (!isObject(value)) return 'must be an object: members of the discovery document'
  if (value.issuer !== undefined && isText(value.issuer) !== undefined)
    return 'holds `issuer`, which is not a string'
  return problemOfMembers(value)
}

const isDocumentUrl: Check = (value) =>
  isSecureUrl(value) && new URL(value).hash === ''
    ? undefined
    : 'must be an https URL without a fragment (http works only on localhost and 127.0.0.1)'

/** The issuer of `metadata` must be the issuer of the client. On Entra it depends on the tenant, and is checked later. */
function assertIssuer({ authority, authorityProfile, issuer, metadata }: AuthClientOptions): void {
  const named = metadata?.issuer
  const isPlain = hasPlainIssuer(profileOf(authority, authorityProfile))
  if (!isPlain && issuer !== undefined)
    throw new AuthError(
      'invalid_options',
      'Options: `issuer` is not for Entra, because its issuer depends on the tenant. Omit it.',
    )
  if (typeof named !== 'string' || !isPlain || isIssuerOf(named, issuer ?? authority)) return
  throw new AuthError(
    'invalid_options',
    `Options: \`metadata\` holds the \`issuer\` "${named}", which is not the ${issuer === undefined ? '`authority`' : 'option `issuer`'}.`,
  )
}

const isDpop: Check = (value) => {
  const isKeyed = isObject(value) && value.key === 'worker' && Object.keys(value).length === 1
  return isKeyed || [true, false, 'prefer'].includes(value as string)
    ? undefined
    : 'must be true, false, "prefer" or { key: "worker" }'
}

/** The worker that holds the key holds the refresh tokens too: both end together. */
function assertKeyHolder({ dpop, tokens }: AuthClientOptions): void {
  if (typeof dpop === 'object' && tokens !== 'worker')
    throw new AuthError(
      'invalid_options',
      'Options: `dpop: { key: "worker" }` needs `tokens: "worker"`.',
    )
}

const areDefaultScopes: Check = (value) =>
  areScopes(value) ??
  ((value as string[]).every((scope) => DEFAULT_SCOPES.includes(scope))
    ? undefined
    : `may hold ${DEFAULT_SCOPES.join(' and ')} only: other scopes go to \`scopes\``)

/** Headers that the protocol needs with its own values. */
const OWN_HEADERS = ['accept', 'authorization', 'content-type', 'dpop']

const areHeaders = areParameters((name, text) => {
  if (OWN_HEADERS.includes(name.toLowerCase())) return SET_BY_CARNET
  try {
    new Headers([[name, text]])
    return undefined
  } catch {
    return ', which is not a valid header'
  }
})

const areTexts: Check = (value) =>
  Array.isArray(value) && value.every((text) => isText(text) === undefined)
    ? undefined
    : 'must be an array of strings'

const STORE_METHODS = ['get', 'find', 'take', 'write', 'prune', 'close'] as const

const isStore: Check = (value) => {
  const store = value as Partial<Record<(typeof STORE_METHODS)[number], unknown>> | null
  const missing = STORE_METHODS.filter((name) => typeof store?.[name] !== 'function')
  return missing.length > 0 ? `must be a RecordStore: it lacks ${missing.join(', ')}` : undefined
}

const isClock: Check = (value) =>
  typeof (value as { now?: unknown } | null)?.now === 'function'
    ? undefined
    : 'must have a `now()` that returns milliseconds since the epoch'

/** The rules of options that are objects themselves. */
const nestedRules = (origin: string) => ({
  cache: {
    location: isOneOf('indexeddb', 'session', 'memory'),
    name: isText,
    store: isStore,
    persist: isBoolean,
  },
  renewal: { enabled: isBoolean, leadTimeMs: isPositive, unused: isBoolean },
  interaction: {
    popupFeatures: isText,
    leave: isFunction,
    popupRedirectUri: isRedirectUri(origin),
    timeoutMs: isPositive,
    transactionLifetimeMs: isPositive,
    allowRedirectInIframe: isBoolean,
  },
  silent: { iframe: isBoolean, timeoutMs: isPositive, redirectUri: isRedirectUri(origin) },
  signOut: signOutRules,
})
