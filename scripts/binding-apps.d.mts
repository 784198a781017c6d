export const BINDING_APPS: readonly string[]
