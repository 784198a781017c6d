declare module 'oidc-provider/lib/provider.js' {
  export const Provider: typeof import('oidc-provider').Provider
}

declare module 'oidc-provider/lib/helpers/errors.js' {
  export const InvalidGrant: typeof import('oidc-provider').errors.InvalidGrant
  export const InvalidRequest: typeof import('oidc-provider').errors.InvalidRequest
  export const InvalidTarget: typeof import('oidc-provider').errors.InvalidTarget
}

declare module 'oidc-provider/lib/helpers/interaction_policy/index.js' {
  export const base: typeof import('oidc-provider').interactionPolicy.base
  export const Check: typeof import('oidc-provider').interactionPolicy.Check
  export const Prompt: typeof import('oidc-provider').interactionPolicy.Prompt
}

declare module 'oidc-provider/lib/helpers/weak_cache.js' {
  /** The internal data of a provider. */
  export default function get(provider: import('oidc-provider').Provider): object
}
