import type { AuthenticationResult, SsoSilentRequest } from '@azure/msal-browser'
import { assertRequest } from '../config/refused.ts'
import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { toSso } from '../requests/sso.ts'
import { toResult } from '../results/to-result.ts'
import { emitLogin } from './emit-login.ts'
import { failed } from './silent.ts'

/** Signs in with the session of the provider, in a hidden iframe. */
export async function ssoSilent(
  request: SsoSilentRequest,
  context: AppContext,
): Promise<AuthenticationResult> {
  const { events, accounts } = context
  const auth = context.auth()
  const correlationId = request.correlationId || createGuid()
  events.emitEvent(EventType.ACQUIRE_TOKEN_START, correlationId, 'silent', {
    ...request,
    correlationId,
  })
  try {
    assertRequest(request, correlationId)
    const result = await auth.ssoSilent(toSso(request, correlationId, context))
    const fields = { correlationId, state: request.state ?? '' }
    const answer = toResult(result, accounts, fields)
    events.emitEvent(EventType.ACQUIRE_TOKEN_SUCCESS, correlationId, 'silent', answer)
    if (result.isNewAccount) emitLogin(answer, 'silent', context)
    return answer
  } catch (error) {
    throw await failed(error, correlationId, context)
  }
}
