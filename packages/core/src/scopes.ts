/** Scopes as values, for apps that work with them. */
export { scopeBuilder } from './scopes/scope-builder.ts'
export { ScopeSet } from './scopes/scope-set.ts'
