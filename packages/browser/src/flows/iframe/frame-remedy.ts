/** What a hidden frame can mend of a renewal that was refused, and what it cannot. */
import {
  type AuthErrorCode,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  isTransient,
} from '@carnet/core'
import { isBeyondGrant } from '@carnet/core/network'

/** The user, or an administrator, has to agree. */
export const isAboutConsent = (error: unknown): error is InteractionRequiredError =>
  isInteractionRequired(error) && (error.reason === 'consent' || error.reason === 'admin_consent')

/** Failures of the frame that are no answer about the session: the caller, or another tab, ended the work. */
const OF_THE_CALL: readonly AuthErrorCode[] = ['aborted', 'client_closed', 'account_not_found']

/** Failures of the frame that have a reason of their own among the reasons for the user. */
const OF_THE_FRAME: readonly AuthErrorCode[] = [
  'iframe_timeout',
  'iframe_refused',
  'redirect_page_unusable',
  'blocked_by_csp',
]

/**
 * The error for a renewal that the frame could not mend. A refusal of the refresh token stays the news, however the
 * frame failed: the failure of the frame is its cause. Some providers know no silence, or answer it with an error that
 * says nothing of the user (OpenID Connect Core 3.1.2.6).
 *
 * @param refusal Why the refresh token did not do.
 * @param failure How the frame failed.
 */
export function afterFrame(refusal: InteractionRequiredError, failure: unknown): unknown {
  if (!isAuthError(failure) || OF_THE_CALL.includes(failure.code)) return failure
  const { reason, message, request, oauth, correlationId } = refusal
  const isFinal = reason === 'consent' || reason === 'refresh_token_expired'
  // The answer from the provider's session is newer.
  if (isInteractionRequired(failure) && !isFinal) return failure
  // Nothing was refused, and what failed passes: the frame is the usual way here, and will do again.
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

/** What a plain provider says to a grant that does not reach so far (RFC 6749 section 5.2, RFC 8707 section 2). */
const WIDENING: readonly unknown[] = ['invalid_scope', 'invalid_target']

/**
 * A session at the provider may still answer where the refresh token cannot. It cannot answer for the user: give
 * consent, show another factor, or do what the provider wants shown.
 */
export function canBeMendedInFrame(error: unknown): error is InteractionRequiredError {
  if (!isInteractionRequired(error)) return false
  const { reason, oauth } = error
  // The session of a plain provider may know of a consent that the grant lacks.
  if (reason === 'consent') return isBeyondGrant(error) || WIDENING.includes(oauth?.error)
  if (reason === 'interaction') return oauth?.suberror === undefined
  return reason === 'no_tokens' || reason === 'login' || reason === 'refresh_token_expired'
}
