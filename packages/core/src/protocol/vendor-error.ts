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
 * Says an error of `oauth4webapi` in our words. Its `cause` holds whole responses, tokens included:
 * only its message, a constant, goes on.
 */
export function fromVendorError(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  if (!(error instanceof Error))
    return new AuthError('invalid_response', 'The response is not valid.')
  const { code, cause, message } = error as Error & { code?: unknown }
  // What is wrong with the response as such comes with its body; the rest is about the ID token.
  const aboutBody = typeof cause === 'object' && cause !== null && 'body' in cause
  const ours: AuthErrorCode =
    !aboutBody && idTokenCodes.includes(code) ? 'invalid_id_token' : 'invalid_response'
  const what = ours === 'invalid_id_token' ? 'ID token' : 'token response'
  return new AuthError(ours, `The ${what} is not valid: ${message}.`)
}
