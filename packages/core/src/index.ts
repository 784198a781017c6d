/** The domain of Carnet that needs no network: what the way to a cached token is made of. */
export { abortedError, stopWaitingOn } from './abort.ts'
export {
  type Account,
  type AccountRecord,
  accountKey,
  escapeKey,
  type IdTokenClaims,
  parseAccountRecord,
  type SignInTerms,
  type TenantProfile,
} from './accounts/account.ts'
export {
  accountFromClaims,
  entraAccountFromClaims,
  loginHintOf,
  withNamesOf,
} from './accounts/account-claims.ts'
export type { TabAccount } from './accounts/account-list.ts'
export { type AccountRegistry, createAccountRegistry } from './accounts/account-registry.ts'
export { refreshTokenKey } from './accounts/refresh-token-key.ts'
export { signInTermsOf } from './accounts/sign-in-terms.ts'
export {
  type AcquireOptions,
  arrivedAtMs,
  createAcquireTokenSilent,
  type SilentAnswer,
} from './acquire-token-silent.ts'
export {
  type AuthorityProfile,
  detectProfile,
  preferredHost,
} from './authority/authority-profile.ts'
export { isIssuerOf } from './authority/issuer.ts'
export { problemOfMembers } from './authority/metadata-members.ts'
export { isSecureUrl } from './authority/secure-url.ts'
export { servesAccount } from './authority/serves-account.ts'
export {
  type ConsentEntry,
  type ConsentLedger,
  type ConsentRecord,
  type ConsentState,
  createConsentLedger,
} from './consent/consent-ledger.ts'
export { type ConsentPlan, planConsent, splitByResource } from './consent/consent-plan.ts'
export {
  AuthError,
  type AuthErrorCode,
  isAuthError,
  isTransient,
  type OAuthErrorDetails,
} from './errors.ts'
export {
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isInteractionRequired,
} from './interaction-required.ts'
export type { LogLevel, Platform } from './platform.ts'
export { adoptRecords } from './records/adopt-records.ts'
export { createMemoryStore } from './records/memory-store.ts'
export { groupOf, legacyPartition, partitionOf } from './records/partition.ts'
export {
  frameRecordKey,
  leaseRecordKey,
  parseAccountRecordKey,
  refreshLockName,
  refusedScopesRecordKey,
  sessionTag,
  sidTag,
  transactionRecordKey,
} from './records/record-keys.ts'
export {
  type Collection,
  isMeant,
  type RecordName,
  type RecordStore,
  type StoreChange,
  type StoredRecord,
} from './records/record-store.ts'
export { queryShelfKey } from './records/shelf-keys.ts'
export { type Forecast, forecastOf } from './renewal/forecast.ts'
export { backoffMs, renewalAtMs, retryMs } from './renewal/renewal-schedule.ts'
export type { BuiltScopes, GraphPermission, ScopeBuilder } from './scopes/scope-builder.ts'
export type { ScopesInput } from './scopes/scope-set.ts'
export {
  covers,
  difference,
  isScope,
  resourceScopes,
  toScopeValues,
} from './scopes/scope-values.ts'
export { assertAskable, readTokenScopes, scopeKey } from './scopes/token-scopes.ts'
export { union } from './scopes/union.ts'
export { declinedOf } from './tokens/declined-of.ts'
export {
  keysOf,
  lastingParameters,
  type ParameterKeys,
  type ParametersOfRequest,
  PROTOCOL_PARAMETERS,
  parameterKeys,
  parametersToRepeat,
  type RequestParameters,
  requestParameters,
} from './tokens/request-parameters.ts'
export { createTokenCache, type TokenCache } from './tokens/token-cache.ts'
export { indicatorOf, toTokenQuery } from './tokens/token-query.ts'
export type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './tokens/token-record.ts'
