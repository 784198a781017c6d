export type { Control, Ended, Whom } from './control/control.ts'
export type {
  AcceptedToken,
  AcceptToken,
  FederationOptions,
} from './entra/directory/federation-options.ts'
export type { EntraProviderOptions, EntraUser } from './entra/directory/options.ts'
export type { Tenant } from './entra/directory/tenants.ts'
export { acceptKerberos } from './entra/federation/kerberos.ts'
export { type EntraProvider, startEntraProvider } from './entra/start-entra-provider.ts'
export { BadInput } from './model/bad-input.ts'
export type { Endpoint } from './model/endpoints.ts'
export { endpoints } from './model/endpoints.ts'
export type {
  Fault,
  FaultRequest,
  ResponseFault,
  SigningAlgorithm,
  TransportFault,
} from './model/faults.ts'
export type { Issued } from './model/issued.ts'
export type { Json, JsonObject } from './model/json.ts'
export type {
  Client,
  ClientCredentials,
  ClientMethod,
  FederatedCredential,
  IdentityProviderOptions,
  User,
  WantedToken,
} from './model/options.ts'
export type { Settings } from './model/settings.ts'
export type { RequestRecord, Stats } from './model/stats.ts'
export type { IdentityProvider } from './provider/identity-provider.ts'
export { startIdentityProvider } from './provider/identity-provider.ts'
export {
  type ClientCertificateOptions,
  createClientCertificate,
} from './server/client-certificate.ts'
export type { Certificate } from './server/server.ts'
