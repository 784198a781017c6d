import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError, abortedError, stopWaitingOn, union } from '@carnet/core'
import { sessionOwner } from '@carnet/core/services'
import type { DeviceCodeRequest } from '../api/public-client.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Runtime } from '../context/runtime.ts'
import { namedCall } from './named-call.ts'
import { pollDeviceCode } from './poll-device-code.ts'
import type { Queries } from './queries.ts'
import { toResult } from './result.ts'
import type { ServiceQuery } from './service-query.ts'
import type { createSessionRenewals } from './session-renewals.ts'
import type { createSignedInUsers } from './signed-in-users.ts'
import {
  claimsParameter,
  detailsOf,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
  resourceParameter,
} from './token-requests.ts'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

interface Parts {
  readonly runtime: Runtime
  readonly queries: Queries
  readonly users: ReturnType<typeof createSignedInUsers>
  readonly keepFirst: ReturnType<typeof createSessionRenewals>['keepFirst']
}

/** Creates the sign-in by a code on another device (RFC 8628). */
export function createDeviceCodeFlow({ runtime, queries, users, keepFirst }: Parts) {
  const { config, platform } = runtime
  const isEntra = config.dialect.name === 'entra'

  function begin(query: ServiceQuery) {
    const scopes = union(query.requestedScopes, [...IDENTITY_SCOPES, OFFLINE_ACCESS])
    return runtime.requestDeviceCode({
      scope: scopes.join(' '),
      ...resourceParameter(query),
      ...claimsParameter(query.claims, config),
    })
  }

  /** Stores the tokens also if the caller has stopped waiting: the user has agreed. */
  async function run(request: DeviceCodeRequest): Promise<AuthenticationResult> {
    const { onCode, signal, correlationId } = request
    const asked = queries.of(sessionOwner('device'), request)
    const code = await begin(asked)
    const { userCode, verificationUri, verificationUriComplete, expiresInMs, intervalMs } = code
    if (signal?.aborted) throw abortedError(signal)
    await onCode({
      userCode,
      verificationUri,
      verificationUriComplete,
      expiresOn: new Date(platform.now() + expiresInMs),
      message: `To sign in, open ${verificationUri} and enter the code ${userCode}.`,
    })
    const parameters = {
      device_code: code.deviceCode,
      ...resourceParameter(asked),
      ...(isEntra && { client_info: '1' }),
    }
    const grant = await pollDeviceCode({
      intervalMs,
      expiresInMs,
      now: platform.now,
      monotonicMs: platform.monotonicMs,
      sleep: (ms) => sleep(ms, undefined, signal ? { signal } : {}),
      request: () =>
        runtime.send({
          grantType: DEVICE_CODE,
          parameters,
          assumedScopes: asked.requestedScopes,
        }),
    })
    const details = detailsOf(grant, config)
    if (!details.account)
      throw new AuthError('invalid_id_token', 'The token response has no ID token.')
    const query = queries.of(users.ownerOf(details.account), request)
    const record = await keepFirst(query, grant)
    await users.add(details.account)
    return toResult(config, record, details, { fromCache: false, correlationId })
  }

  return async (request: DeviceCodeRequest): Promise<AuthenticationResult> => {
    if (typeof request?.onCode !== 'function')
      throw new AuthError('invalid_request', '`onCode` must be a function that shows the code.')
    return namedCall(request.correlationId, () => stopWaitingOn(request.signal, run(request)))
  }
}
