import { AuthError, stopWaitingOn, union } from '@carnet/core'
import { sessionOwner } from '@carnet/core/services'
import type { PublicClient } from '../api/public-client.ts'
import type { ServiceRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type ClientParts, partsOf } from '../tokens/client-parts.ts'
import { namedCall } from '../tokens/named-call.ts'
import { storeSignIn } from '../tokens/store-sign-in.ts'
import {
  claimsParameter,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
  orInteraction,
  resourceParameter,
} from '../tokens/token-requests.ts'

/** A sign-in by user name and password. */
export interface UsernamePasswordRequest extends ServiceRequest {
  readonly username: string
  readonly password: string
}

/** The clients that have warned: one warning for each. */
const warned = new WeakSet<PublicClient>()

/**
 * Signs a user in by user name and password (RFC 6749 section 4.3). RFC 9700 section 2.4 forbids this grant: the app sees the
 * password, and there is no second factor, no passkey and no federation. Use it only while an old script is replaced.
 *
 * @throws AuthError `invalid_request` with a confidential client, where the grant would let a service act as any user.
 * @throws AuthError `token_request_failed` for a wrong password; `unsupported_by_provider`.
 * @throws InteractionRequiredError if the provider demands a second factor: no password can satisfy it.
 */
export async function acquireTokenByUsernamePassword(
  app: PublicClient,
  request: UsernamePasswordRequest,
): Promise<AuthenticationResult> {
  const parts = partsOf(app, 'public')
  checkText(request)
  warnOnce(app)
  return namedCall(request.correlationId, () =>
    stopWaitingOn(request.signal, signIn(parts, request)),
  )
}

async function signIn(parts: ClientParts, request: UsernamePasswordRequest) {
  const { runtime, queries } = parts
  const { config } = runtime
  const query = queries.of(sessionOwner('password'), request)
  const { grant_types_supported: listed } = await runtime.metadata()
  if (listed && !listed.includes('password'))
    throw new AuthError(
      'unsupported_by_provider',
      'The provider does not list the grant "password".',
    )
  const { username, password } = request
  const scopes = union(query.requestedScopes, [...IDENTITY_SCOPES, OFFLINE_ACCESS])
  const grant = await runtime
    .send({
      grantType: 'password',
      parameters: {
        username,
        password,
        scope: scopes.join(' '),
        ...resourceParameter(query),
        ...claimsParameter(query.claims, config),
        ...(config.dialect.name === 'entra' && { client_info: '1' }),
      },
      assumedScopes: query.requestedScopes,
    })
    .catch((error: unknown) => {
      // A wrong password is `invalid_grant` too. Another sign-in page would not explain it.
      const isFactor = error instanceof AuthError && error.oauth?.claims !== undefined
      throw isFactor ? orInteraction(error, query) : error
    })
  return storeSignIn(parts, grant, request)
}

function checkText({ username, password }: UsernamePasswordRequest): void {
  for (const [name, value] of Object.entries({ username, password }))
    if (typeof value !== 'string' || value === '')
      throw new AuthError('invalid_request', `\`${name}\` must be a text.`)
}

function warnOnce(app: PublicClient): void {
  if (warned.has(app)) return
  warned.add(app)
  process.emitWarning(
    'Sign-in by user name and password is forbidden by RFC 9700 section 2.4. Use acquireTokenInteractive or acquireTokenByDeviceCode.',
    { type: 'SecurityWarning', code: 'CARNET_PASSWORD_GRANT' },
  )
}
