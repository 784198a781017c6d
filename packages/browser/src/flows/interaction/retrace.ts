import type { Steps } from '@carnet/core'
import type { AuthenticationResult } from '../../api/result.ts'
import { withTrace } from '../../startup/result.ts'

/** The same result with the trace of another call. Its getters stay getters. */
export const retrace = (result: AuthenticationResult, trace: Steps): AuthenticationResult => {
  const { trace: _, ...properties } = Object.getOwnPropertyDescriptors(result)
  return withTrace(Object.create(Object.prototype, properties), trace)
}
