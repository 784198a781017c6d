/** The domain of Carnet that needs no network: what the way to a cached token is made of. */
export { abortedError, stopWaitingOn } from './abort.ts'
export {
  type Account,
  type AccountRecord,
  accountFromClaims,
  accountKey,
  environmentOf,
  type IdTokenClaims,
} from './accounts/account.ts'
export {
  type AccountRegistry,
  createAccountRegistry,
  sessionTag,
} from './accounts/account-registry.ts'
export {
  createAcquireTokenSilent,
  type SilentAnswer,
  type SilentOptions,
} from './acquire-token-silent.ts'
export { isSecureUrl } from './authority/secure-url.ts'
export { createEmitter } from './emitter.ts'
export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorDetails,
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  type OAuthErrorDetails,
} from './errors.ts'
export type { LogLevel, Platform } from './platform.ts'
export {
  covers,
  difference,
  isScope,
  resourceScopes,
  type ScopeValues,
  toScopeValues,
  union,
} from './scopes/scope-values.ts'
export { createMemoryStore } from './tokens/memory-store.ts'
export { createTokenCache, type TokenCache } from './tokens/token-cache.ts'
export {
  type AccessTokenRecord,
  type RefreshTokenRecord,
  type TokenQuery,
  toTokenQuery,
} from './tokens/token-record.ts'
export type {
  Collection,
  RecordName,
  StoreChange,
  StoredRecord,
  TokenStore,
} from './tokens/token-store.ts'
