import type { Config, FirstConfig } from './options.ts'

/** Fills in the defaults of what a page did not start with. */
export function wholeConfig({ given, ...first }: FirstConfig, origin: string): Config {
  const { renewal = {}, silent = {} } = given
  return {
    ...first,
    clientCapabilities: given.clientCapabilities ?? [],
    postLogoutRedirectUri: new URL(given.postLogoutRedirectUri ?? first.redirectUri, origin).href,
    scopes: given.scopes ?? [],
    tokens: given.tokens ?? 'page',
    tokenWorker: given.tokenWorker,
    verifyIdTokenSignature: given.verifyIdTokenSignature ?? false,
    renewal: { enabled: renewal.enabled ?? true, leadTime: renewal.leadTime ?? 300 },
    silent: { iframe: silent.iframe ?? true, timeout: silent.timeout ?? 10_000 },
    requestTimeout: given.requestTimeout ?? 10_000,
    // Called as a plain function: the global `fetch` refuses any other `this` than the window.
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}
