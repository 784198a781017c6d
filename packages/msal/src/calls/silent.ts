import type { AccountInfo, AuthenticationResult, SilentRequest } from '@azure/msal-browser'
import { isAuthError } from '@carnet/browser'
import { assertSecure, mayBeDeclined } from '../config/secure.ts'
import type { AppContext } from '../context/app-context.ts'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { toSilent } from '../requests/silent.ts'
import { toResult } from '../results/to-result.ts'
import type { Flows } from './flows.ts'

/** A request with its account and its id. */
export interface WholeRequest extends SilentRequest {
  readonly account: AccountInfo
  readonly correlationId: string
}

/** Creates the calls that need no user. */
export function createSilentCalls(
  context: AppContext,
  runFlow: <T>(call: (flows: Flows) => Promise<T>) => Promise<T>,
) {
  const { events, accounts, active } = context
  const running = new Map<string, Promise<AuthenticationResult>>()

  /** Acquires the token of an account that is signed in; `undefined` for an account that is not. */
  async function ofKnown(request: WholeRequest, notice: () => void) {
    const { account, correlationId, state } = request
    if (request.authority) assertSecure(request.authority, correlationId)
    if (mayBeDeclined(request))
      (await import('../config/refused.ts')).assertRequest(request, correlationId)
    const known = accounts.find(account)
    if (!known) return undefined
    const auth = context.auth()
    const stop = auth.on('renewalStarted', (renewal) => {
      const isSame = renewal.account.homeAccountId === known.homeAccountId
      if (isSame && renewal.scopes.every((scope) => request.scopes?.includes(scope))) notice()
    })
    try {
      const result = await auth.acquireTokenSilent(toSilent(request, correlationId, known))
      if (!result.fromCache) notice()
      return toResult(result, accounts, { correlationId, state })
    } finally {
      stop()
    }
  }

  async function run(
    given: SilentRequest & Pick<WholeRequest, 'correlationId'>,
    account: AccountInfo,
  ): Promise<AuthenticationResult> {
    const { correlationId } = given
    events.emitEvent(EventType.ACQUIRE_TOKEN_START, correlationId, 'silent', given)
    const request = { ...given, account }
    const notice = createNotice(request, context)
    try {
      const answer =
        (await ofKnown(request, notice)) ??
        (await runFlow((flows) => flows.ofUnknownAccount(request, notice)))
      events.emitEvent(EventType.ACQUIRE_TOKEN_SUCCESS, correlationId, 'silent', answer)
      return answer
    } catch (error) {
      if (!isAuthError(error, 'no_cached_token')) notice()
      throw await failed(error, correlationId, context)
    }
  }

  return {
    /** Acquires a token from the cache, else from the provider. Equal requests share one call and its events. */
    async acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult> {
      const auth = context.auth()
      const correlationId = request.correlationId || createGuid()
      const account = request.account ?? active.get()
      if (!account || !auth) throw new BrowserAuthError('no_account_error', correlationId)
      const key = keyOf(request, account)
      const joined = running.get(key)
      const call = joined ?? run({ ...request, correlationId }, account)
      if (!joined) {
        running.set(key, call)
        const end = () => running.delete(key)
        call.then(end, end)
      }
      return { ...(await call), correlationId, ...stateOf(request) }
    },
  }
}

/** Creates the function that emits the event of a token request, once. */
function createNotice(request: WholeRequest, { config, events }: AppContext): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    const { correlationId } = request
    const whole = {
      authenticationScheme: 'Bearer',
      authority: config.auth.authority,
      forceRefresh: false,
      ...request,
    }
    events.emitEvent(EventType.ACQUIRE_TOKEN_NETWORK_START, correlationId, 'silent', whole)
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
