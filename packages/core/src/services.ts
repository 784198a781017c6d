/** The part of core for services: confidential clients, and owners without an account. */
export { accountFormat } from './accounts/account.ts'
export { profileOf } from './dialects/authority-profile.ts'
export { authorityName, isTenantAlias, tenantOf } from './dialects/entra/entra-authority.ts'
export { interactionReason } from './dialects/error-reason.ts'
export type { ProviderDialect } from './dialects/provider-dialect.ts'
export { serverText } from './errors/server-text.ts'
export { createSingleFlight } from './platform/single-flight.ts'
export type {
  AddCredential,
  ClientAuthentication,
  RequestToAuthenticate,
} from './protocol/client-authentication.ts'
export type { Binding, ProtocolDeps } from './protocol/deps.ts'
export { type DeviceAuthorization, requestDeviceCode } from './protocol/device-authorization.ts'
export { createHttp, type Http } from './protocol/http.ts'
export { type GrantRequest, requestGrant } from './protocol/request-grant.ts'
export { retryAtMs } from './protocol/retry-after.ts'
export { refreshedToken } from './protocol/token-response-records.ts'
export { accessTokenRecordKey, accountRecordKey } from './records/keys/record-keys.ts'
export { findByKey, queryKey } from './tokens/find-by-key.ts'
export { findInTokenSet } from './tokens/find-in-token-set.ts'
export { appOwner, assertionOwner, sessionOwner } from './tokens/other-owners.ts'
export type { TokenMirror } from './tokens/token-mirror.ts'
export type {
  AppOwner,
  AssertionOwner,
  SessionOwner,
  TokenOwner,
} from './tokens/token-owner.ts'
export { type CacheQuery, type IsGood, isFresh } from './tokens/token-record.ts'
