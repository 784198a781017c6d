/** Decides whether a hidden iframe can replace a refused renewal. */
import {
  type AuthErrorCode,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  isTransient,
} from '@carnet/core'
import { isBeyondGrant } from '@carnet/core/network'

/** True if the user or an administrator must consent. */
export const isAboutConsent = (error: unknown): error is InteractionRequiredError =>
  isInteractionRequired(error) && (error.reason === 'consent' || error.reason === 'admin_consent')

/** Failures that say nothing about the session: the caller or another tab ended the work, or a file of the app is gone. */
const OF_THE_CALL: readonly AuthErrorCode[] = [
  'aborted',
  'client_closed',
  'account_not_found',
  'part_not_loaded',
]

/** Failures of the iframe that have their own `InteractionReason`. */
const OF_THE_FRAME: readonly AuthErrorCode[] = [
  'iframe_timeout',
  'iframe_refused',
  'redirect_page_unusable',
  'blocked_by_csp',
]

/**
 * The error after a refused renewal and a failed iframe. It stays the refusal of the refresh token, with the failure of the
 * iframe as its cause. Some providers do not support silent requests, or answer them with an error that says nothing about the
 * user (OpenID Connect Core section 3.1.2.6).
 *
 * @param refusal The error of the refresh token.
 * @param failure The error of the iframe.
 */
export function errorAfterIframe(refusal: InteractionRequiredError, failure: unknown): unknown {
  if (!isAuthError(failure) || OF_THE_CALL.includes(failure.code)) return failure
  const { reason, message, request, oauth, correlationId } = refusal
  const isFinal = reason === 'consent' || reason === 'refresh_token_expired'
  // The response of the iframe is newer.
  if (isInteractionRequired(failure) && !isFinal) return failure
  // No refresh token was refused, and the failure is transient: the iframe is the normal way here, and may work again.
  if (reason === 'no_tokens' && isTransient(failure) && failure.code !== 'iframe_timeout')
    return failure
  const isOfFrame = OF_THE_FRAME.includes(failure.code) && !isFinal
  return new InteractionRequiredError(
    isOfFrame ? 'iframe_failed' : reason,
    isOfFrame ? failure.message : message,
    request,
    { oauth, correlationId, cause: failure },
  )
}

/** Errors of plain providers for a request beyond the grant (RFC 6749 section 5.2, RFC 8707 section 2). */
const WIDENING: readonly unknown[] = ['invalid_scope', 'invalid_target']

/**
 * True if the provider's session may still give a token, in a hidden iframe. It cannot replace an action of the user: a
 * consent, another factor, or a page that the provider wants to show.
 */
export function canFallBackToIframe(error: unknown): error is InteractionRequiredError {
  if (!isInteractionRequired(error)) return false
  const { reason, oauth } = error
  // The session of a plain provider may know of a consent that the grant lacks.
  if (reason === 'consent') return isBeyondGrant(error) || WIDENING.includes(oauth?.error)
  if (reason === 'interaction') return oauth?.suberror === undefined
  return ['no_tokens', 'login', 'refresh_token_expired', 'key_lost'].includes(reason)
}
