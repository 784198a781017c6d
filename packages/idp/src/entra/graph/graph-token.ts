import type { JWTPayload } from 'jose'
import { demandsOf } from '../../model/claims-demands.ts'
import { revocationChallenge } from '../../model/revoked-tokens.ts'
import type { Identity } from '../directory/directory.ts'
import { issuerOf, tenants } from '../directory/tenants.ts'
import { type Answer, type Call, json } from '../http/http.ts'
import { GRAPH_APP_ID, graph } from '../scopes/resources.ts'
import type { Entra } from '../state/entra.ts'

/** The user and the client of a call to the Graph-like API. */
export interface Caller {
  readonly identity: Identity
  readonly clientId: string
}

/** Verifies the access token as a separate resource server does. @returns The error response if the token is refused. */
export async function authorizeCaller(
  entra: Entra,
  call: Call,
  anyOf: readonly string[],
): Promise<Caller | Answer> {
  const [, token] = /^Bearer +(\S+)$/i.exec(call.header('authorization') ?? '') ?? []
  if (token === undefined) return unauthorized(entra, call, 'Access token is empty.')

  const claims = await claimsOf(entra, token)
  if (typeof claims === 'string') return unauthorized(entra, call, claims)
  const identity = entra.directory.byOid(String(claims.oid), String(claims.tid))
  if (!identity) return unauthorized(entra, call, 'The user is unknown.')

  const { revokedTokens, settings } = entra.state
  if (revokedTokens.has(token)) return challenged(entra, call, revocationChallenge(revokedTokens))
  const challenge = settings.get().claimsChallenge
  if (challenge !== null && !meets(claims, challenge)) return challenged(entra, call, challenge)

  const scopes = String(claims.scp).split(' ')
  if (!anyOf.some((scope) => scopes.includes(scope))) {
    return graphError(
      403,
      call,
      'ErrorAccessDenied',
      'Access is denied. Check credentials and try again.',
    )
  }
  return { identity, clientId: String(claims.azp) }
}

export function graphError(
  status: number,
  { trace }: Call,
  code: string,
  message: string,
  headers: Answer['headers'] = {},
): Answer {
  const innerError = {
    date: trace.at.toISOString().slice(0, 19),
    'request-id': trace.traceId,
    'client-request-id': trace.correlationId,
  }
  const answer = json(status, { error: { code, message, innerError } })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

async function claimsOf({ keys, origin }: Entra, token: string): Promise<JWTPayload | string> {
  const issuers = Object.values(tenants).map(({ id }) => issuerOf(origin, id))
  const audiences = [GRAPH_APP_ID, ...graph.identifiers]
  try {
    const claims = await keys.verifySignature(token)
    if (!issuers.includes(String(claims.iss))) return 'The issuer is unknown.'
    if (!audiences.includes(String(claims.aud)))
      return 'Access token validation failure. Invalid audience.'
    const isExpired = (claims.exp ?? 0) * 1000 <= Date.now()
    return isExpired ? 'Lifetime validation failed, the token is expired.' : claims
  } catch {
    return 'CompactToken validation failed.'
  }
}

/** True if the token meets the challenge: `nbf` must be late enough, other claims must have an accepted value. */
function meets(claims: JWTPayload, challenge: string): boolean {
  return Object.entries(demandsOf(challenge) ?? {}).every(([name, values]) =>
    name === 'nbf'
      ? (claims.nbf ?? 0) >= Number(values[0])
      : [claims[name]].flat().some((value) => values.includes(String(value))),
  )
}

const unauthorized = (entra: Entra, call: Call, message: string): Answer =>
  graphError(401, call, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate': bearer(entra),
  })

/** The claims challenge of continuous access evaluation. The client sends its claims in the next token request. */
function challenged(entra: Entra, call: Call, challenge: string): Answer {
  const message =
    'Continuous access evaluation resulted in challenge with result: InteractionRequired'
  const claims = Buffer.from(challenge).toString('base64')
  return graphError(401, call, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate': `${bearer(entra)}, error="insufficient_claims", claims="${claims}"`,
  })
}

const bearer = ({ origin }: Entra): string =>
  `Bearer realm="", authorization_uri="${origin}/common/oauth2/v2.0/authorize", client_id="${GRAPH_APP_ID}"`
