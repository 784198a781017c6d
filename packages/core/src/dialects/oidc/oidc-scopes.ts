import { difference, resourceScopes, toScopeValues } from '../../scopes/scope-values.ts'
import type { ScopeRules } from '../provider-dialect.ts'

/** Scopes are opaque texts. A request names the API separately (RFC 8707). */
export const oidcScopes: ScopeRules = {
  readScopes(scopes, resource = '') {
    const keys = resourceScopes(toScopeValues(scopes))
    return { resource, keys, requestedScopes: keys }
  },
  // A provider may rename scopes (RFC 6749 section 5.1). If it granted at least as many unknown scopes as are missing, no
  // scope counts as declined.
  declinedScopes(texts, granted, sent) {
    const missing = difference(texts, granted)
    const renamed = difference(difference(granted, sent), texts)
    return renamed.length >= missing.length ? [] : missing
  },
}
