import { AuthError, type AuthErrorCode } from './auth-error.ts'

export * from './auth-error.ts'

/** True for errors of Carnet, also when two copies of the library are on the page. */
export function isAuthError(value: unknown, code?: AuthErrorCode): value is AuthError {
  return (
    value instanceof Error &&
    (value.name === 'AuthError' || value.name === 'InteractionRequiredError') &&
    (code === undefined || (value as AuthError).code === code)
  )
}

/** True for a transient `AuthError`; see `AuthError.isTransient`. */
export const isTransient = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.isTransient
