/** The part of core that needs no network: accounts, scopes, records, and the way to a cached token. */

export {
  type Account,
  type AccountRecord,
  accountKey,
  type IdTokenClaims,
  parseAccountRecord,
  type SignInTerms,
  type TenantProfile,
} from './accounts/account.ts'
export { loginHintOf, withNamesOf } from './accounts/account-claims.ts'
export type { TabAccount } from './accounts/account-list.ts'
export { type AccountRegistry, createAccountRegistry } from './accounts/account-registry.ts'
export { refreshTokenKey } from './accounts/refresh-token-key.ts'
export { signInTermsOf } from './accounts/sign-in-terms.ts'
export {
  type ConsentEntry,
  type ConsentLedger,
  type ConsentRecord,
  type ConsentState,
  createConsentLedger,
} from './consent/consent-ledger.ts'
export { type ConsentPlan, planConsent, splitByResource } from './consent/consent-plan.ts'
export {
  type AuthorityProfile,
  groupOf,
  legacyPartition,
  partitionOf,
  profileOf,
} from './dialects/authority-profile.ts'
export { isIssuerOf } from './dialects/oidc/issuer.ts'
export { oidcDialect } from './dialects/oidc/oidc-dialect.ts'
export { hasPlainIssuer } from './dialects/plain-issuer.ts'
export type { ProviderDialect } from './dialects/provider-dialect.ts'
export { problemOfMembers } from './discovery/metadata-members.ts'
export { isSecureUrl } from './discovery/secure-url.ts'
export { abortedError, stopWaitingOn } from './errors/abort.ts'
export {
  AuthError,
  type AuthErrorCode,
  isAuthError,
  isTransient,
  type OAuthErrorDetails,
} from './errors/errors.ts'
export {
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isInteractionRequired,
} from './errors/interaction-required.ts'
export { notSignedIn } from './errors/not-signed-in.ts'
export { adoptRecords } from './migration/adopt-records.ts'
export { digestOf } from './parameters/digest.ts'
export {
  keysOf,
  lastingParameters,
  NEUTRAL_PARAMETERS,
  type ParameterKeys,
  type ParametersOfRequest,
  PROTOCOL_PARAMETERS,
  parameterKeys,
  parametersToRepeat,
  type RequestParameters,
  requestParameters,
} from './parameters/request-parameters.ts'
export type { LogLevel, Platform } from './platform/platform.ts'
export {
  OUTCOME,
  STEP,
  type TraceOutcomeName,
  type TraceStep,
  type TraceStepName,
} from './platform/trace-step.ts'
export {
  accountDataKey,
  accountDataTag,
  frameRecordKey,
  journalRecordKey,
  journalTag,
  keyTag,
  leaseRecordKey,
  nonceRecordKey,
  parseAccountRecordKey,
  REDEEMING,
  redeemedRecordKey,
  redirectCountName,
  refreshLockName,
  refusedScopesRecordKey,
  sessionRecordPrefix,
  sessionTag,
  sidTag,
  TRANSACTION_COPY_PREFIX,
  tabAccountName,
  tabClaimName,
  tokenSetKey,
  transactionRecordKey,
} from './records/keys/index.ts'
export { createMemoryStore } from './records/memory-store.ts'
export {
  type Collection,
  matches,
  type RecordCondition,
  type RecordStore,
  type StoreChange,
  type StoredRecord,
} from './records/record-store.ts'
export {
  type AcquireOptions,
  arrivedAtMs,
  createAcquireTokenSilent,
  type SilentAnswer,
} from './renewal/acquire-token-silent.ts'
export { needsUser } from './renewal/needs-user.ts'
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
export { union } from './scopes/union.ts'
export { declinedOf } from './tokens/declined-of.ts'
export { type Forecast, forecastOf } from './tokens/forecast.ts'
export { isYoungEnough } from './tokens/sign-in-age.ts'
export { createTokenCache, type TokenCache } from './tokens/token-cache.ts'
export { indicatorOf, toTokenQuery } from './tokens/token-query.ts'
export type {
  AccessTokenRecord,
  AskedType,
  CacheQuery,
  RefreshTokenRecord,
  TokenQuery,
} from './tokens/token-record.ts'
export {
  type CallTrace,
  createTrace,
  keepTrace,
  type Steps,
  stepsOf,
  type Trace,
  traced,
} from './trace/trace.ts'
