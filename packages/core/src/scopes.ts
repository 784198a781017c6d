/** Scopes as values, for apps that work with them. */
export {
  type BuiltScopes,
  type GraphPermission,
  type ScopeBuilder,
  scopeBuilder,
} from './scopes/scope-builder.ts'
export { ScopeSet, type ScopesInput } from './scopes/scope-set.ts'
