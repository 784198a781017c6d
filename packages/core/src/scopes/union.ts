import { type ScopeValues, toScopeValues } from './scope-values.ts'

/** The scopes of both lists, unique and sorted. */
export const union = (a: ScopeValues, b: ScopeValues): ScopeValues => toScopeValues([...a, ...b])
