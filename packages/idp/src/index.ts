export { BadInput } from './control/bad-input.ts'
export type { Control, Ended, Whom } from './control/control.ts'
export type {
  AnswerFault,
  Fault,
  FaultRequest,
  SigningAlgorithm,
  TransportFault,
} from './control/faults.ts'
export type { Issued } from './control/issued.ts'
export type { Settings } from './control/settings.ts'
export type { RequestRecord, Stats } from './control/stats.ts'
export type { Endpoint } from './endpoints.ts'
export { endpoints } from './endpoints.ts'
export type { EntraProviderOptions, EntraUser } from './entra/directory/options.ts'
export type { Tenant } from './entra/directory/tenants.ts'
export { type EntraProvider, startEntraProvider } from './entra/start-entra-provider.ts'
export type { IdentityProvider } from './identity-provider.ts'
export { startIdentityProvider } from './identity-provider.ts'
export type { Json, JsonObject } from './json.ts'
export type { Client, IdentityProviderOptions, User } from './options.ts'
