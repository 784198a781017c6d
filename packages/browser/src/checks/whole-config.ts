import type { ProviderDialect } from '@carnet/core'
import type { Config, FirstConfig } from '../api/config.ts'
import { DEFAULT_SCOPES } from '../api/options.ts'

/** Fills in the defaults that the start of a page does not need. */
export function wholeConfig(
  { given, profile: _, ...first }: FirstConfig,
  origin: string,
  dialect: ProviderDialect,
): Config {
  const { renewal = {}, silent = {}, signOut = {} } = given
  const postLogoutRedirectUri = given.postLogoutRedirectUri ?? first.redirectUri
  return {
    ...first,
    dialect,
    clientCapabilities: given.clientCapabilities ?? [],
    idTokenClaims: given.idTokenClaims ?? [],
    postLogoutRedirectUri:
      given.postLogoutRedirectUri === null ? null : new URL(postLogoutRedirectUri, origin).href,
    scopes: given.scopes ?? [],
    defaultScopes: given.defaultScopes ?? DEFAULT_SCOPES,
    metadata: given.metadata,
    issuer: given.issuer,
    metadataUrl: given.metadataUrl,
    chosenResponseMode: given.responseMode,
    tokens: given.tokens ?? 'page',
    tokenWorker: given.tokenWorker,
    tokenServiceWorker: given.tokenServiceWorker,
    dpop: given.dpop
      ? {
          isRequired: given.dpop !== 'prefer',
          algorithm: given.dpopAlgorithm,
          isInWorker: typeof given.dpop === 'object',
          resources: given.resources,
        }
      : undefined,
    par: given.par ?? 'auto',
    verifyIdTokenSignature: given.verifyIdTokenSignature ?? false,
    renewal: {
      enabled: renewal.enabled ?? true,
      leadTimeMs: renewal.leadTimeMs ?? 300_000,
      unused: renewal.unused ?? false,
    },
    silent: {
      iframe: silent.iframe ?? true,
      timeoutMs: silent.timeoutMs ?? 10_000,
      redirectUri: silent.redirectUri,
    },
    signOut: {
      extraParameters: signOut.extraParameters ?? {},
      idTokenHint: signOut.idTokenHint ?? true,
      method: signOut.method ?? 'auto',
    },
    extraParameters: given.extraParameters ?? {},
    tokenParameters: given.tokenParameters ?? {},
    requestHeaders: given.requestHeaders,
    requestTimeoutMs: given.requestTimeoutMs ?? 10_000,
    // A plain function call: the global `fetch` accepts no other `this` than the window.
    hasOwnFetch: given.fetch !== undefined,
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}
