/** What a hidden frame can mend of a renewal that was refused, and what it cannot. */
import { InteractionRequiredError, isAuthError, isInteractionRequired } from '@carnet/core'

/** The user, or an administrator, has to agree. */
export const isAboutConsent = (error: unknown): error is InteractionRequiredError =>
  isInteractionRequired(error) && (error.reason === 'consent' || error.reason === 'admin_consent')

/**
 * What is told of a refusal that a frame could not mend, where that is not what the frame failed with. Some providers
 * know of no silence, or answer it with an error that says nothing of the user (OpenID Connect Core 3.1.2.6).
 */
export function afterFrame(
  refusal: InteractionRequiredError,
  failure: unknown,
): InteractionRequiredError | undefined {
  const { reason, message, request, oauth, correlationId } = refusal
  if (reason === 'consent' || reason === 'refresh_token_expired') return refusal
  const isNoAnswer =
    isAuthError(failure, 'authorization_failed') || isAuthError(failure, 'access_denied')
  if (!isNoAnswer) return undefined
  return new InteractionRequiredError(reason, message, request, {
    oauth,
    correlationId,
    cause: failure,
  })
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
  // Where a plain provider refuses to widen a grant, its session may know of a consent.
  if (reason === 'consent') return WIDENING.includes(oauth?.error)
  if (reason === 'interaction') return oauth?.suberror === undefined
  return reason === 'no_tokens' || reason === 'login' || reason === 'refresh_token_expired'
}
