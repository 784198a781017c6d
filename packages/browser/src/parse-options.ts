import { detectProfile, isSecureUrl } from '@carnet/core'
import {
  areScopes,
  type Check,
  checkFields,
  isBoolean,
  isFunction,
  isObjectOf,
  isOneOf,
  isOwnOrSecureUrl,
  isPositive,
  isSameOrigin,
  isText,
} from './check-fields.ts'
import type { AuthClientOptions, Config } from './options.ts'

/** Checks the options, names every wrong one with its mend, and fills in the defaults. */
export function parseOptions(options: AuthClientOptions, origin: string): Config {
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
      renewal: isObjectOf({ enabled: isBoolean, leadTime: isPositive }),
      interaction: isObjectOf({ popupFeatures: isText, timeout: isPositive }),
      silent: isObjectOf({ iframe: isBoolean, timeout: isPositive }),
      requestTimeout: isPositive,
      logger: isFunction,
      fetch: isFunction,
      clock: isClock,
    },
    ['clientId', 'authority'],
  )
  const { cache = {}, renewal = {}, interaction = {}, silent = {}, clock, logger } = options
  const { authorityProfile: profile = 'auto' } = options
  const redirectUri = new URL(options.redirectUri ?? '/', origin).href
  return {
    clientId: options.clientId,
    authority: options.authority,
    profile: profile === 'auto' ? detectProfile(options.authority) : profile,
    clientCapabilities: options.clientCapabilities ?? [],
    redirectUri,
    postLogoutRedirectUri: new URL(options.postLogoutRedirectUri ?? redirectUri, origin).href,
    scopes: options.scopes ?? [],
    responseMode: options.responseMode ?? 'fragment',
    cache: {
      location: cache.location ?? 'indexeddb',
      name: cache.name ?? 'carnet',
      store: cache.store,
      persist: cache.persist ?? false,
    },
    renewal: { enabled: renewal.enabled ?? true, leadTime: renewal.leadTime ?? 300 },
    interaction,
    silent: { iframe: silent.iframe ?? true, timeout: silent.timeout ?? 10_000 },
    requestTimeout: options.requestTimeout ?? 10_000,
    log(level, message) {
      try {
        logger?.({ level, message })
      } catch (error) {
        reportError(error) // A logger that fails must stop nobody.
      }
    },
    // Called as a plain function: the global `fetch` refuses any other `this` than the window.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    // Looked up at each call: tests replace the global `Date` after the client was created.
    now: () => (clock ?? Date).now(),
  }
}

const areTexts: Check = (value) =>
  Array.isArray(value) && value.every((text) => isText(text) === undefined)
    ? undefined
    : 'must be an array of strings'

/** The check of an `authority`, in options and in requests. */
export const isAuthority: Check = (value) => {
  if (!isSecureUrl(value)) return 'must be an https URL (http only on localhost and 127.0.0.1)'
  const { search, hash } = new URL(value)
  return search === '' && hash === '' ? undefined : 'must have no query and no fragment'
}

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
