/** Tokens for services: confidential clients, and a cache that many machines share. */
export {
  type Account,
  AuthError,
  type AuthErrorCode,
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  isTransient,
  type RecordStore,
  type TraceStep,
} from '@carnet/core'
export type { ApiCalls, ApiRequest, AuthorizationHeaders, DpopOptions } from './api/api-calls.ts'
export type { AuthorizationRequest } from './api/authorization.ts'
export { type Challenge, toChallenge } from './api/challenge.ts'
export type { CacheHealth, ConfidentialClient, LongRunning } from './api/confidential-client.ts'
export type { InteractiveRequest } from './api/interactive.ts'
export type {
  ConfidentialClientOptions,
  MemoryOptions,
  ServiceCacheOptions,
} from './api/options.ts'
export type {
  DeviceCode,
  DeviceCodeRequest,
  PublicClient,
  PublicClientOptions,
  SilentRequest,
} from './api/public-client.ts'
export type {
  ExchangeRequest,
  LongRunningRequest,
  OnBehalfOfRequest,
  ServiceRequest,
  SessionRequest,
} from './api/requests.ts'
export type { AuthenticationResult } from './api/result.ts'
export type {
  SignIn,
  SignInBegun,
  SignInFinished,
  SignInRequest,
  UserForecast,
  UserSignOutRequest,
  UserTokens,
} from './api/web-app.ts'
export { type Keyring, keyring, newSealKey } from './cache/keyring.ts'
export { createConfidentialClient } from './client/create-confidential-client.ts'
export { createPublicClient } from './client/create-public-client.ts'
export {
  type CertificateOptions,
  certificate,
  type PrivateKeyOptions,
  privateKey,
} from './credentials/certificate.ts'
export type { AssertionAlgorithm, Sign } from './credentials/client-assertion.ts'
export { clientSecret, type SecretMethod } from './credentials/client-secret.ts'
export type { Credential, CredentialRequest } from './credentials/credential.ts'
export { type FederatedOptions, federated } from './credentials/federated.ts'
export {
  type TlsCertificateOptions,
  type TlsCredential,
  tlsCertificate,
} from './credentials/tls-certificate.ts'
export {
  type MachineToken,
  type MachineTokenRequest,
  type ManagedIdentity,
  managedIdentity,
} from './managed-identity/managed-identity.ts'
export type { ManagedIdentityOptions } from './managed-identity/sources.ts'
export { type MemoryStoreOptions, memoryStore } from './stores/memory-store.ts'
export type { SharedStore, StoreNews } from './stores/shared-store.ts'
