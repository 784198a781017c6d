/** What a page needs to say who is signed in and to answer from the cache: the small part that it loads first. */
export { type Account, type AccountRecord, accountKey } from './accounts/account.ts'
export { type AccountList, createAccountList, type TabAccount } from './accounts/account-list.ts'
export { type AuthorityProfile, detectProfile } from './authority/authority-profile.ts'
export { isSecureUrl } from './authority/secure-url.ts'
export { createEmitter, type Emitter } from './emitter.ts'
export {
  AuthError,
  type AuthErrorCode,
  type AuthErrorDetails,
  isAuthError,
  type OAuthErrorDetails,
} from './errors.ts'
export {
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isInteractionRequired,
} from './interaction-required.ts'
export { groupOf, legacyPartition, partitionOf } from './records/partition.ts'
export { type Dialect, oidcDialect } from './scopes/oidc-scopes.ts'
export { isScope } from './scopes/scope-values.ts'
export { createTokenMirror, type TokenMirror } from './tokens/token-mirror.ts'
export { type AccessTokenRecord, isFresh, type TokenQuery } from './tokens/token-record.ts'
