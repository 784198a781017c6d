import {
  type AuthenticationResult,
  type InteractiveRequest,
  isAuthError,
  type SilentRequest,
} from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import type { Connection } from '../carnet/connection.ts'
import { requestOf, termsOf } from '../carnet/requests.ts'
import { ErrorTimeout } from '../values/errors.ts'
import { secondsToMs } from '../values/timer.ts'
import type { User } from '../values/user.ts'
import type { FlowDeps } from './flow-deps.ts'

/** The way of a silent sign-in. */
export interface SilentHow {
  /** True if a token of another tab answers too, as long as it is valid for longer than this many seconds. */
  readonly minLifetimeSeconds?: number | undefined
}

/**
 * Renews the user without an interaction: with the refresh token if there is one, and then its failure is the answer. Else with a
 * hidden iframe, also if nobody is signed in.
 */
export async function signInSilently(
  args: Original.SigninSilentArgs,
  { minLifetimeSeconds }: SilentHow,
  deps: FlowDeps,
): Promise<User> {
  const { connection, users } = deps
  const account = users.account()
  if (account && !args.forceIframeAuth) {
    const { extraTokenParams, resource } = args
    const terms = await users.terms(account)
    const asked = termsOf(requestOf(args, deps.settings))
    const request = {
      ...terms,
      ...(resource !== undefined && { resource: asked.resource }),
      ...(extraTokenParams && { tokenParameters: asked.tokenParameters }),
    }
    try {
      const asking = { ...request, account }
      const result =
        (minLifetimeSeconds !== undefined &&
          (await tokenOfOtherTab(asking, minLifetimeSeconds, connection))) ||
        (await withinSeconds(
          args.silentRequestTimeoutInSeconds ?? deps.settings.silentRequestTimeoutInSeconds,
          (signal) =>
            connection.auth.acquireTokenSilent({ ...asking, sources: ['refresh'], signal }),
        ))
      return await users.adopt(result, request)
    } catch (error) {
      if (!isAuthError(error) || !hasNoRefreshToken(error)) throw error
    }
  }
  return signInWithFrame(args, deps)
}

/**
 * The token that another tab got meanwhile. This is a request of its own: during an outage, a request that also allows the refresh
 * token would be answered with the token that is about to expire.
 */
const tokenOfOtherTab = (
  request: SilentRequest,
  minLifetimeSeconds: number,
  { auth }: Connection,
): Promise<AuthenticationResult | undefined> =>
  auth
    .acquireTokenSilent({
      ...request,
      sources: ['cache'],
      minLifetimeMs: secondsToMs(minLifetimeSeconds),
    })
    .catch((error) => {
      if (!isAuthError(error, 'no_cached_token')) throw error
      return undefined
    })

/**
 * Waits for a call, for a limited time. The redemption itself continues, so that no rotated token is lost; the next call joins it.
 *
 * @throws ErrorTimeout
 */
async function withinSeconds<T>(
  seconds: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), seconds * 1000)
  try {
    return await call(patience.signal)
  } catch (error) {
    if (!isAuthError(error, 'aborted')) throw error
    throw Object.assign(new ErrorTimeout('Network timed out'), { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

const hasNoRefreshToken = (error: Error & { reason?: string }): boolean =>
  error.reason === 'no_tokens'

async function signInWithFrame(
  args: Original.SigninSilentArgs,
  { settings, connection: { auth }, users }: FlowDeps,
): Promise<User> {
  const { prompt: _, returnTo: __, ...request }: InteractiveRequest = requestOf(args, settings)
  const account = users.account()
  const asked = {
    ...request,
    account: settings.validateSubOnSilentRenew ? account : undefined,
    iframeTimeoutMs: secondsToMs(args.silentRequestTimeoutInSeconds),
  }
  const result = await auth.ssoSilent(asked).catch((error) => {
    if (isAuthError(error)) error.state ??= request.state
    throw error
  })
  return users.adopt(result)
}
