import {
  areScopes,
  type Check,
  checkFields,
  isAuthority,
  isBoolean,
  isFunction,
  isObjectOf,
  isOneOf,
  isOwnOrSecureUrl,
  isPositive,
  isSameOrigin,
  isText,
} from './check-fields.ts'

/** @throws AuthError `invalid_options`, which names every wrong one with its mend. */
export function checkOptions(options: unknown, origin: string): void {
  const withoutFragment =
    (isUrl: Check): Check =>
    (value) =>
      isUrl(value) ??
      (new URL(value as string, origin).hash === '' ? undefined : 'must have no fragment')
  checkFields(
    'Options',
    'invalid_options',
    options,
    {
      clientId: isText,
      authority: isAuthority,
      authorityProfile: isOneOf('auto', 'oidc', 'entra'),
      clientCapabilities: areTexts,
      redirectUri: withoutFragment(isSameOrigin(origin)),
      postLogoutRedirectUri: withoutFragment(isOwnOrSecureUrl(origin)),
      scopes: areScopes,
      responseMode: isOneOf('fragment', 'query'),
      cache: isObjectOf({
        location: isOneOf('indexeddb', 'session', 'memory'),
        name: isText,
        store: isStore,
        persist: isBoolean,
      }),
      tokens: isOneOf('page', 'worker'),
      tokenWorker: isFunction,
      verifyIdTokenSignature: isBoolean,
      renewal: isObjectOf({ enabled: isBoolean, leadTime: isPositive }),
      interaction: isObjectOf({ popupFeatures: isText, timeout: isPositive }),
      silent: isObjectOf({ iframe: isBoolean, timeout: isPositive }),
      requestTimeout: isPositive,
      logger: isFunction,
      fetch: isFunction,
      clock: isClock,
      // The design names it; nothing but its absence is known yet.
      dpop: isFalse,
    },
    ['clientId', 'authority'],
  )
}

const isFalse: Check = (value) => (value === false ? undefined : 'is not there yet: leave it out')

const areTexts: Check = (value) =>
  Array.isArray(value) && value.every((text) => isText(text) === undefined)
    ? undefined
    : 'must be an array of strings'

const STORE_METHODS = ['get', 'find', 'take', 'write', 'prune', 'close'] as const

const isStore: Check = (value) => {
  const store = value as Partial<Record<(typeof STORE_METHODS)[number], unknown>> | null
  const missing = STORE_METHODS.filter((name) => typeof store?.[name] !== 'function')
  return missing.length > 0 ? `must be a TokenStore: it lacks ${missing.join(', ')}` : undefined
}

const isClock: Check = (value) =>
  typeof (value as { now?: unknown } | null)?.now === 'function'
    ? undefined
    : 'must have a `now()` that returns milliseconds since the epoch'
