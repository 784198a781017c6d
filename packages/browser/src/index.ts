/** The public names of @carnet/browser. */

export type {
  Account,
  AuthErrorCode,
  AuthorityProfile,
  BuiltScopes,
  Collection,
  ConsentEntry,
  ConsentPlan,
  ConsentRecord,
  ConsentState,
  Forecast,
  GraphPermission,
  IdTokenClaims,
  InteractionHint,
  InteractionReason,
  LogLevel,
  OAuthErrorDetails,
  RecordCondition,
  RecordStore,
  ScopeBuilder,
  ScopesInput,
  StoreChange,
  StoredRecord,
  TenantProfile,
  TraceOutcomeName,
  TraceStep,
  TraceStepName,
} from '@carnet/core'
export {
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
} from '@carnet/core/base'
export type { ProviderMetadata } from '@carnet/core/network'
export type {
  NoTokenReason,
  ResourceMatch,
  ResourceRule,
  ResourceRules,
} from '@carnet/core/resources'
export { ScopeSet, scopeBuilder } from '@carnet/core/scopes'
export type { UserInfo } from '@carnet/core/user-info'
export type { AuthClient } from './api/auth-client.ts'
export type { Consent, ConsentQuestion } from './api/consent.ts'
export type {
  AccountEvent,
  AuthEvents,
  ChallengeEvent,
  InteractionEvent,
  Tab,
  TokenEvent,
} from './api/events.ts'
export type {
  ImportedAccessToken,
  ImportedRefreshToken,
  ImportedSession,
} from './api/imported-session.ts'
export type {
  AuthClientOptions,
  CacheOptions,
  InteractionOptions,
  LeaveDetails,
  LogEntry,
  RenewalOptions,
  SignOutOptions,
  SilentOptions,
} from './api/options.ts'
export type { PlannedRenewal } from './api/planned-renewal.ts'
export type {
  AcquireTokenRequest,
  InteractiveRequest,
  PeekRequest,
  RevokeRequest,
  SignOutRequest,
  SilentRequest,
  SsoRequest,
  TokenRequest,
  TokenSource,
  UserInfoRequest,
} from './api/requests.ts'
export type {
  AuthorizedRequestInit,
  CallOptions,
  ChallengeKind,
  ResourceCalls,
  ResumedCall,
  TokenForOptions,
  UserChallenge,
} from './api/resource-calls.ts'
export type { AuthenticationResult } from './api/result.ts'
export type { Snapshot } from './api/snapshot.ts'
export { createAuthClient } from './startup/create-auth-client.ts'
