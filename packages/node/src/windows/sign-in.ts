import { AuthError, InteractionRequiredError, union } from '@carnet/core'
import { interactionReason, sessionOwner } from '@carnet/core/services'
import type { OwnerDetails } from '../cache/owner-details.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import {
  claimsParameter,
  detailsOf,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
} from '../tokens/token-requests.ts'
import { requestAssertion } from './federation.ts'
import { createFederationHttp } from './federation-http.ts'
import { negotiateByKerberos } from './negotiate.ts'
import type { IntegratedWindowsAuthRequest } from './request.ts'
import type { Assertion } from './trust-response.ts'

type Renewals = ClientParts['renewals']

/** The tokens of a user who signed in. */
export interface SignedIn {
  readonly record: Awaited<ReturnType<Renewals['keepFirst']>>
  readonly details: OwnerDetails
}

/** Gets an assertion, redeems it, and stores the tokens like those of every sign-in. */
export async function signInByWindows(
  { runtime, queries, users, renewals }: ClientParts,
  request: IntegratedWindowsAuthRequest,
): Promise<SignedIn> {
  const { config, platform } = runtime
  const { requestTimeoutMs: timeoutMs, authority, fetch } = config
  // The assertion is redeemed at once, so an authority without metadata must not cost a ticket.
  await runtime.metadata()
  const assertion = await requestAssertion({
    authority,
    username: request.username,
    negotiate: request.negotiate ?? negotiateByKerberos,
    spn: request.spn,
    http: createFederationHttp({ fetch, timeoutMs, now: platform.now }),
    timeoutMs,
  })
  const asked = queries.of(sessionOwner('windows'), request)
  const grant = await runtime
    .send({
      grantType: assertion.grantType,
      parameters: {
        assertion: encoded(assertion),
        scope: union(asked.requestedScopes, [...IDENTITY_SCOPES, OFFLINE_ACCESS]).join(' '),
        client_info: '1',
        ...claimsParameter(asked.claims, config),
      },
      assumedScopes: asked.requestedScopes,
    })
    .catch((error) => {
      throw refusalOf(error, request)
    })
  const details = detailsOf(grant, config)
  if (!details.account)
    throw new AuthError('invalid_id_token', 'The token response has no ID token.')
  const query = queries.of(users.ownerOf(details.account), request)
  const record = await renewals.keepFirst(query, grant)
  await users.add(details.account)
  return { record, details }
}

/** Entra reads plain base64 of the UTF-8 text. RFC 7522 section 2.1 has base64url. */
const encoded = ({ xml }: Assertion): string => Buffer.from(xml).toString('base64')

/**
 * The error for a refused assertion. A plain `invalid_grant` is about the assertion; the other reasons are about the user, who
 * must consent or present a second factor.
 */
function refusalOf(error: unknown, { scopes, claims }: IntegratedWindowsAuthRequest): unknown {
  if (!(error instanceof AuthError) || error.code !== 'token_request_failed') return error
  const { oauth, message } = error
  if (!oauth) return error
  const reason = interactionReason(oauth)
  if (reason === undefined) return error
  if (reason !== 'login')
    return new InteractionRequiredError(
      reason,
      message,
      { scopes, claims: oauth.claims ?? claims },
      { cause: error, oauth },
    )
  return new AuthError(
    'assertion_refused',
    'Entra refused the assertion of the federation server.',
    {
      cause: error,
      oauth,
    },
  )
}
