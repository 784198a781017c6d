import { loginHintOf } from '../accounts/account-claims.ts'
import type { AuthError } from '../errors/errors.ts'
import { type InteractionReason, InteractionRequiredError } from '../errors/interaction-required.ts'
import { parametersToRepeat } from '../parameters/request-parameters.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { TokenQuery } from '../tokens/token-record.ts'

/**
 * The error for a query that needs the user, with the request to pass to an interactive call.
 *
 * @param error The refusal of the provider, if there was one.
 */
export const needsUser = (
  reason: InteractionReason,
  message: string,
  query: TokenQuery,
  error?: AuthError,
): InteractionRequiredError => {
  const required = new InteractionRequiredError(
    reason,
    message,
    {
      scopes: query.requestedScopes,
      resource: indicatorOf(query),
      account: query.owner,
      authority: query.authority,
      loginHint: loginHintOf(query.owner),
      claims: error?.oauth?.claims ?? query.claims,
      ...parametersToRepeat(query),
    },
    { cause: error, oauth: error?.oauth },
  )
  if (error?.status !== undefined) required.status = error.status
  return required
}
