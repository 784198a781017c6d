import { expect } from 'vitest'
import { type AuthError, isAuthError } from '../errors/errors.ts'

/** The error of a call that must reject with an `AuthError`. */
export const failureOf = (call: Promise<unknown>): Promise<AuthError> =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)),
  )
