/** Scope sets and the scope builder, for apps that compute scopes. */
export { scopeBuilder } from './scopes/scope-builder.ts'
export { ScopeSet } from './scopes/scope-set.ts'
