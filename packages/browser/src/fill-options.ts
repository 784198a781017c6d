import { detectProfile } from '@carnet/core/base'
import type { AuthClientOptions, Config } from './options.ts'

/** Fills in the defaults of options that are right. */
export function fillOptions(options: AuthClientOptions, origin: string): Config {
  const { cache = {}, renewal = {}, silent = {}, clock, logger } = options
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
    tokens: options.tokens ?? 'page',
    tokenWorker: options.tokenWorker,
    verifyIdTokenSignature: options.verifyIdTokenSignature ?? false,
    renewal: { enabled: renewal.enabled ?? true, leadTime: renewal.leadTime ?? 300 },
    interaction: options.interaction ?? {},
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
