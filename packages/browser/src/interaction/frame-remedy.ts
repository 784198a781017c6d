/** What a hidden frame can mend of a renewal that was refused, and what it cannot. */
import { type InteractionRequiredError, isInteractionRequired } from '@carnet/core'

/** The user, or an administrator, has to agree. */
export const isAboutConsent = (error: unknown): error is InteractionRequiredError =>
  isInteractionRequired(error) && (error.reason === 'consent' || error.reason === 'admin_consent')

/** What the refusal says is more than that a frame could not help. */
export const saysMore = (refusal: unknown): boolean =>
  isInteractionRequired(refusal) &&
  (refusal.reason === 'consent' || refusal.reason === 'refresh_token_expired')

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
