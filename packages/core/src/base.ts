/** The small part that a page loads first: it reads the accounts, and answers from the cache. */
export { type Account, type AccountRecord, accountKey } from './accounts/account.ts'
export { type AccountList, createAccountList } from './accounts/account-list.ts'
export {
  type AuthorityProfile,
  groupOf,
  legacyPartition,
  partitionOf,
  profileOf,
} from './dialects/authority-profile.ts'
export { oidcScopes } from './dialects/oidc/oidc-scopes.ts'
export type { ProviderDialect, ScopeRules } from './dialects/provider-dialect.ts'
export { isSecureUrl } from './discovery/secure-url.ts'
export { AuthError, isAuthError } from './errors/errors.ts'
export { InteractionRequiredError, isInteractionRequired } from './errors/interaction-required.ts'
export { notSignedIn } from './errors/not-signed-in.ts'
export { createEmitter, type Emitter } from './platform/emitter.ts'
export { journalTag } from './records/keys/first-keys.ts'
export {
  AWAITED,
  POSTED_SIGN_OUT_PREFIX,
  REDEEMING,
  SIGNED_OUT,
} from './records/keys/page-keys.ts'
export { isScope } from './scopes/scope-values.ts'
export { createTokenMirror, type TokenMirror } from './tokens/token-mirror.ts'
export { type AccessTokenRecord, type CacheQuery, isFresh } from './tokens/token-record.ts'
export { traceOfMemory, traceOfStore } from './trace/cached-trace.ts'
