import { AuthError } from './auth-error.ts'

/** The error for an account that is not signed in here. */
export const notSignedIn = (correlationId?: string) =>
  new AuthError('account_not_found', 'The account is not signed in here.', { correlationId })
