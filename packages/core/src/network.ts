/** The part of core that talks to a provider. It loads on first use; a cached token does not need it. */

export { isAuthenticationExpired } from './dialects/provider-errors.ts'
export { assertSupported, responseModeOf } from './discovery/capabilities.ts'
export { createMetadataSource, type MetadataSource } from './discovery/metadata-source.ts'
export type { ProviderMetadata } from './discovery/provider-metadata.ts'
export { unverifiedClaims } from './encoding/jwt-part.ts'
export {
  type AuthorizationRequest,
  authorizationUrl,
  createAuthorizationSecrets,
} from './protocol/authorization-request.ts'
export type { Binding, VerifyIdToken } from './protocol/deps.ts'
export { type EndSessionPlan, endSessionPlan } from './protocol/end-session.ts'
export { createFetchJson } from './protocol/fetch-json.ts'
export type { Http } from './protocol/http.ts'
export { readOAuthError } from './protocol/oauth-error.ts'
export { type PendingAuthorization, redeemCode } from './protocol/redeem-code.ts'
export { revoke } from './protocol/revoke.ts'
export type { TokenResponse } from './protocol/token-response.ts'
export {
  accessTokenOf,
  membersOf,
  refreshTokenOf,
  sessionStateOf,
} from './protocol/token-response-records.ts'
export { createCooldown } from './renewal/cooldown.ts'
export { renew } from './renewal/renew.ts'
export { isBeyondGrant } from './renewal/within-grant.ts'
export { grantedOidcScopes, listsAllThatItGranted } from './scopes/granted-oidc-scopes.ts'
export { maxAgeSeconds } from './tokens/sign-in-age.ts'
