import { createHash } from 'node:crypto'
import { decodeJwt, type JWTPayload } from 'jose'
import { tenantById } from '../directory/tenants.ts'
import {
  assertionExpired,
  assertionForOther,
  assertionInvalid,
  assertionOfApp,
} from '../errors/client-refusals.ts'
import { isRefusal, missing, type Refusal, unsupported } from '../errors/refusals.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import { issueForGrant } from './issue-for-grant.ts'
import type { Issue } from './issue-tokens.ts'
import type { Redemption } from './redemption.ts'

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Exchanges the access token of a user for a token of another API (RFC 7523, `requested_token_use=on_behalf_of`). */
export async function redeemAssertion(
  entra: Entra,
  redemption: Redemption,
): Promise<Issue | Refusal> {
  const { call, client } = redemption
  const { parameters } = call
  const assertion = parameters.get('assertion')
  if (assertion === null) return missing('assertion')
  const use = parameters.get('requested_token_use') ?? ''
  if (use !== 'on_behalf_of') return unsupported('requested_token_use', use)
  if (parameters.get('scope') === null) return missing('scope')
  const claims = await claimsOf(entra, assertion, client.clientId)
  if (isRefusal(claims)) return claims
  const identity = entra.directory.byOid(String(claims.oid), String(claims.tid))
  const tenant = tenantById(String(claims.tid))
  if (!identity || !tenant) return assertionOfApp()

  const grant: SignInGrant = {
    username: identity.user.username,
    tenantId: tenant.id,
    clientId: client.clientId,
    sid: String(claims.sid ?? ''),
    signedInAtMs: Date.now(),
    factors: new Set([claims.acrs ?? [], claims.amr ?? []].flat().map(String)),
    scope: parameters.get('scope') ?? '',
    assertion: createHash('sha256').update(assertion).digest('hex'),
  }
  return issueForGrant(entra, redemption, { grant, identity })
}

/** The verified claims of an assertion that is meant for the client. */
async function claimsOf(
  entra: Entra,
  assertion: string,
  clientId: string,
): Promise<JWTPayload | Refusal> {
  try {
    await entra.keys.verifySignature(assertion)
  } catch {
    return assertionInvalid('The signature is not valid.')
  }
  const claims = decodeJwt(assertion)
  const audience = String(claims.aud)
  if (audience !== clientId && audience !== `api://${clientId}`) return assertionForOther(audience)
  if ((claims.exp ?? 0) * 1000 <= Date.now()) return assertionExpired()
  return claims.idtyp === 'app' ? assertionOfApp() : claims
}
