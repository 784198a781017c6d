import type { AccountInfo, AuthenticationResult, SilentRequest } from '@azure/msal-browser'
import { ClientAuthError } from '@azure/msal-common/browser'
import { isAuthError } from '@carnet/browser'
import { assertRequest } from '../config/refused.ts'
import type { AppContext } from '../context/app-context.ts'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { toSilent } from '../requests/silent.ts'
import { toResult } from '../results/to-result.ts'

/** Creates the calls that need no user. */
export function createSilentCalls(context: AppContext) {
  const { events, accounts, active } = context
  const running = new Map<string, Promise<AuthenticationResult>>()

  async function run(
    request: SilentRequest,
    account: AccountInfo,
    correlationId: string,
  ): Promise<AuthenticationResult> {
    events.emitEvent(EventType.ACQUIRE_TOKEN_START, correlationId, 'silent', request)
    const notice = () =>
      events.emitEvent(EventType.ACQUIRE_TOKEN_NETWORK_START, correlationId, 'silent', request)
    try {
      const known = accounts.find(account)
      if (!known) throw new ClientAuthError('no_account_found', correlationId)
      const asked = toSilent(request, correlationId, known)
      const result = await context.auth().acquireTokenSilent(asked)
      if (!result.fromCache) notice()
      const fields = { correlationId, state: request.state }
      const answer = toResult(result, accounts, fields)
      events.emitEvent(EventType.ACQUIRE_TOKEN_SUCCESS, correlationId, 'silent', answer)
      return answer
    } catch (error) {
      if (isAuthError(error) && error.code !== 'no_cached_token') notice()
      throw await failed(error, correlationId, context)
    }
  }

  return {
    /** Acquires a token from the cache, else from the provider. Equal requests share one call and its events. */
    async acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult> {
      const auth = context.auth()
      const correlationId = request.correlationId || createGuid()
      assertRequest(request, correlationId)
      const account = request.account ?? active.get()
      if (!account || !auth) throw new BrowserAuthError('no_account_error', correlationId)
      const key = keyOf(request, account)
      const joined = running.get(key)
      const call = joined ?? run(request, account, correlationId)
      if (!joined) {
        running.set(key, call)
        const end = () => running.delete(key)
        call.then(end, end)
      }
      return { ...(await call), correlationId, ...stateOf(request) }
    },
  }
}

const stateOf = ({ state }: SilentRequest) => (state === undefined ? {} : { state })

/** The fields by which requests are equal. */
const keyOf = (request: SilentRequest, account: AccountInfo): string =>
  JSON.stringify({
    ...request,
    correlationId: undefined,
    state: undefined,
    scopes: request.scopes?.map((scope) => scope.toLowerCase()).sort(),
    account: [account.homeAccountId, account.tenantId, account.localAccountId],
  })

export async function failed(
  error: unknown,
  correlationId: string,
  { events }: Pick<AppContext, 'events'>,
): Promise<unknown> {
  const failure = await toMsalError(error, correlationId)
  events.emitEvent(EventType.ACQUIRE_TOKEN_FAILURE, correlationId, 'silent', null, failure)
  return failure
}
