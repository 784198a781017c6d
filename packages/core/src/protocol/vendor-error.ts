import * as oauth from 'oauth4webapi'
import { AuthError, type AuthErrorCode } from '../errors/errors.ts'

const idTokenCodes: readonly unknown[] = [
  oauth.PARSE_ERROR,
  oauth.INVALID_RESPONSE,
  oauth.JWT_TIMESTAMP_CHECK,
  oauth.JWT_CLAIM_COMPARISON,
  oauth.UNSUPPORTED_OPERATION,
  oauth.KEY_SELECTION,
]

/**
 * Converts an error of `oauth4webapi` to an `AuthError`. Its `cause` contains whole responses with tokens, so only its
 * message, a constant, is kept.
 */
export function fromVendorError(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  if (!(error instanceof Error))
    return new AuthError('invalid_response', 'The response is not valid.')
  const { code, cause, message } = error as Error & { code?: unknown }
  // Errors with a body are about the token response; all others are about the ID token.
  const aboutBody = typeof cause === 'object' && cause !== null && 'body' in cause
  const ours: AuthErrorCode =
    !aboutBody && idTokenCodes.includes(code) ? 'invalid_id_token' : 'invalid_response'
  const what = ours === 'invalid_id_token' ? 'ID token' : 'token response'
  return new AuthError(ours, `The ${what} is not valid: ${message}.`)
}
