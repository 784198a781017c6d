import { loginHintOf } from '../accounts/account-claims.ts'
import type { AuthError } from '../errors/errors.ts'
import { type InteractionReason, InteractionRequiredError } from '../errors/interaction-required.ts'
import { parametersToRepeat } from '../parameters/request-parameters.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { TokenQuery } from '../tokens/token-record.ts'

/** The error that says that `query` has no answer without the user. @param error Why, where the provider said it. */
export const needsUser = (
  reason: InteractionReason,
  message: string,
  query: TokenQuery,
  error?: AuthError,
): InteractionRequiredError =>
  new InteractionRequiredError(
    reason,
    message,
    {
      scopes: query.texts,
      resource: indicatorOf(query),
      account: query.owner,
      authority: query.authority,
      loginHint: loginHintOf(query.owner),
      claims: error?.oauth?.claims ?? query.claims,
      ...parametersToRepeat(query),
    },
    { cause: error, oauth: error?.oauth },
  )
