import { type ScopeValues, toScopeValues } from './scope-values.ts'

export const union = (a: ScopeValues, b: ScopeValues): ScopeValues => toScopeValues([...a, ...b])
