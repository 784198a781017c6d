import { type Config, DEFAULT_SCOPES, type FirstConfig } from '../api/options.ts'

/** Fills in the defaults of what a page did not start with. */
export function wholeConfig({ given, ...first }: FirstConfig, origin: string): Config {
  const { renewal = {}, silent = {}, signOut = {} } = given
  const postLogoutRedirectUri = given.postLogoutRedirectUri ?? first.redirectUri
  return {
    ...first,
    clientCapabilities: given.clientCapabilities ?? [],
    postLogoutRedirectUri:
      given.postLogoutRedirectUri === null ? null : new URL(postLogoutRedirectUri, origin).href,
    scopes: given.scopes ?? [],
    defaultScopes: given.defaultScopes ?? DEFAULT_SCOPES,
    metadata: given.metadata,
    chosenResponseMode: given.responseMode,
    tokens: given.tokens ?? 'page',
    tokenWorker: given.tokenWorker,
    verifyIdTokenSignature: given.verifyIdTokenSignature ?? false,
    renewal: { enabled: renewal.enabled ?? true, leadTimeMs: renewal.leadTimeMs ?? 300_000 },
    silent: { iframe: silent.iframe ?? true, timeoutMs: silent.timeoutMs ?? 10_000 },
    signOut: {
      extraParameters: signOut.extraParameters ?? {},
      idTokenHint: signOut.idTokenHint ?? true,
      method: signOut.method ?? 'auto',
    },
    requestTimeoutMs: given.requestTimeoutMs ?? 10_000,
    // Called as a plain function: the global `fetch` refuses any other `this` than the window.
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}
