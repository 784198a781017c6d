/// <reference path="./untyped-modules.d.ts" />
// The only door to oidc-provider. We come in past its index.js, which does nothing but print a
// warning on Node 20 and export these again.
import type {
  errors as OidcErrors,
  interactionPolicy as OidcPolicy,
  Provider as OidcProvider,
} from 'oidc-provider'
import { InvalidTarget as invalidTarget } from 'oidc-provider/lib/helpers/errors.js'
import {
  base as basePolicy,
  Check as checkClass,
  Prompt as promptClass,
} from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import { Provider as providerClass } from 'oidc-provider/lib/provider.js'

export type {
  Adapter,
  AdapterPayload,
  Configuration,
  Interaction,
  KoaContextWithOIDC as OidcContext,
} from 'oidc-provider'

export type Provider = OidcProvider
export const Provider: typeof OidcProvider = providerClass
export const InvalidTarget: typeof OidcErrors.InvalidTarget = invalidTarget
export const base: typeof OidcPolicy.base = basePolicy
export const Check: typeof OidcPolicy.Check = checkClass
export const Prompt: typeof OidcPolicy.Prompt = promptClass

/** oidc-provider is a Koa application: our pages, APIs and changes are middleware in front of it. */
export type Middleware = Parameters<OidcProvider['use']>[0]
export type Context = Parameters<Middleware>[0]
