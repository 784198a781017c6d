/// <reference path="./untyped-modules.d.ts" />
// The only import of oidc-provider. It avoids index.js, which prints a warning on Node 20 and
// only re-exports these names.
import type {
  errors as OidcErrors,
  interactionPolicy as OidcPolicy,
  Provider as OidcProvider,
} from 'oidc-provider'
import {
  InvalidGrant as invalidGrant,
  InvalidRequest as invalidRequest,
  InvalidTarget as invalidTarget,
} from 'oidc-provider/lib/helpers/errors.js'
import {
  base as basePolicy,
  Check as checkClass,
  Prompt as promptClass,
} from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import instanceOf from 'oidc-provider/lib/helpers/weak_cache.js'
import { Provider as providerClass } from 'oidc-provider/lib/provider.js'

export type {
  Adapter,
  AdapterPayload,
  AuthorizationDetail,
  Configuration,
  Interaction,
  KoaContextWithOIDC as OidcContext,
  RichAuthorizationRequestsActiveConfiguration,
} from 'oidc-provider'

export type Provider = OidcProvider
export const Provider: typeof OidcProvider = providerClass
export const InvalidGrant: typeof OidcErrors.InvalidGrant = invalidGrant
export const InvalidRequest: typeof OidcErrors.InvalidRequest = invalidRequest
export const InvalidTarget: typeof OidcErrors.InvalidTarget = invalidTarget
export const base: typeof OidcPolicy.base = basePolicy
export const Check: typeof OidcPolicy.Check = checkClass
export const Prompt: typeof OidcPolicy.Prompt = promptClass

/** Lets the provider use other nonces than its own, whose lifetime is fixed. Without nonces it asks for none. */
export function useNonces(provider: Provider, nonces: () => object | undefined): void {
  Object.defineProperty(instanceOf(provider), 'DPoPNonces', { get: nonces })
}

/** oidc-provider is a Koa application. The pages, the APIs and the changes of responses are its middleware. */
export type Middleware = Parameters<OidcProvider['use']>[0]
export type Context = Parameters<Middleware>[0]
