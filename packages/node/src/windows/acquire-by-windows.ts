import { randomUUID } from 'node:crypto'
import { AuthError, abortedError, keepTrace, STEP, stopWaitingOn, traced } from '@carnet/core'
import { createSingleFlight } from '@carnet/core/services'
import type { PublicClient } from '../api/public-client.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type ClientParts, partsOf } from '../tokens/client-parts.ts'
import { toResult } from '../tokens/result.ts'
import { checkWindowsRequest } from './check-request.ts'
import type { IntegratedWindowsAuthRequest } from './request.ts'
import { type SignedIn, signInByWindows } from './sign-in.ts'

type Flights = ReturnType<typeof createSingleFlight<SignedIn>>

/** The sign-ins on the way of each client. */
const flightsOf = new WeakMap<object, Flights>()

/**
 * Signs the user in with the Kerberos ticket of the operating system, without a prompt (integrated Windows authentication). It
 * serves users of a domain that is federated with Entra by AD FS or another WS-Trust server, on Windows, Linux and macOS. The
 * tokens are stored like those of other sign-ins: call `acquireTokenSilent` first. Calls for the same user and scopes at the
 * same time share one sign-in.
 *
 * @param client A client of `createPublicClient` with an authority of Entra.
 * @throws AuthError `unsupported_by_provider` for other authorities; `user_not_federated`; `windows_transport_missing`;
 *   `federation_metadata_invalid`; `federation_refused`; `assertion_refused`; and the codes that begin with `kerberos_`.
 * @throws InteractionRequiredError if Entra demands more than the ticket, such as a second factor or a consent.
 */
export async function acquireTokenByIntegratedWindowsAuth(
  client: PublicClient,
  request: IntegratedWindowsAuthRequest,
): Promise<AuthenticationResult> {
  const parts = partsOf(client, 'public')
  const { config, trace: traces } = parts.runtime
  checkWindowsRequest(request, config.dialect)
  const { correlationId, signal } = request
  const trace = traces.begin()
  try {
    if (signal?.aborted) throw abortedError(signal)
    const { record, details } = await traced(trace, STEP.interaction, () =>
      stopWaitingOn(signal, inFlight(client, parts, request)),
    )
    const how = { fromCache: false, correlationId, trace: trace.steps }
    return toResult(config, record, details, how)
  } catch (error) {
    if (error instanceof AuthError) error.correlationId ??= correlationId ?? randomUUID()
    throw keepTrace(error, trace.steps)
  }
}

/** Shares a sign-in between calls, unless the app passes a function that may use another ticket. */
function inFlight(
  client: object,
  parts: ClientParts,
  request: IntegratedWindowsAuthRequest,
): Promise<SignedIn> {
  const start = () => signInByWindows(parts, request)
  const { username, scopes, resource, claims, spn, negotiate } = request
  if (negotiate) return start()
  const flights = flightsOf.get(client) ?? createSingleFlight<SignedIn>()
  flightsOf.set(client, flights)
  return flights(JSON.stringify([username, scopes, resource, claims, spn]), start)
}
