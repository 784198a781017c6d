import type { AuthenticationResult } from '@azure/msal-browser'
import { ClientAuthError, InteractionRequiredAuthError } from '@azure/msal-common/browser'
import type { AppContext } from '../context/app-context.ts'
import { CacheLookupPolicy } from '../names/constants.ts'
import { toSso } from '../requests/sso.ts'
import { toResult } from '../results/to-result.ts'
import type { WholeRequest } from './silent.ts'

/** The policies that ask the session of the provider. */
const BY_SESSION: readonly number[] = [
  CacheLookupPolicy.Default,
  CacheLookupPolicy.RefreshTokenAndNetwork,
  CacheLookupPolicy.Skip,
]

/**
 * Acquires the token of an account that is not signed in here: the session of the provider may continue. The account is the hint.
 *
 * @param notice Emits the event of the request.
 * @throws ClientAuthError `token_refresh_required`, InteractionRequiredAuthError `no_tokens_found` if the policy of the request
 * forbids it.
 */
export async function ofUnknownAccount(
  request: WholeRequest,
  notice: () => void,
  context: AppContext,
): Promise<AuthenticationResult> {
  const { state, ...asked } = request
  const { correlationId, cacheLookupPolicy: policy = CacheLookupPolicy.Default } = asked
  if (policy === CacheLookupPolicy.AccessToken)
    throw new ClientAuthError('token_refresh_required', correlationId)
  notice()
  if (!BY_SESSION.includes(policy))
    throw new InteractionRequiredAuthError('no_tokens_found', correlationId)
  const result = await context.auth().ssoSilent(toSso(asked, correlationId, context))
  return toResult(result, context.accounts, { correlationId, state })
}
