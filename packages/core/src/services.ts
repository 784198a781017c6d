/** The part of core for services: confidential clients, and owners without an account. */
export { accountFormat } from './accounts/account.ts'
export { authorityName, isTenantAlias, tenantOf } from './dialects/entra/entra-authority.ts'
export { refreshedToken } from './protocol/grant-records.ts'
export { createHttp, type Http } from './protocol/http.ts'
export { interactionReason } from './protocol/interaction-reason.ts'
export {
  type ClientAuthentication,
  type GrantRequest,
  type RequestToAuthenticate,
  requestGrant,
} from './protocol/request-grant.ts'
export { accessTokenRecordKey, accountRecordKey } from './records/keys/record-keys.ts'
export { findOnShelf } from './tokens/find-on-shelf.ts'
export { appOwner, assertionOwner, sessionOwner } from './tokens/other-owners.ts'
export type { TokenMirror } from './tokens/token-mirror.ts'
export type {
  AppOwner,
  AssertionOwner,
  SessionOwner,
  TokenOwner,
} from './tokens/token-owner.ts'
export { isFresh } from './tokens/token-record.ts'
