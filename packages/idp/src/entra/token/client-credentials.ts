import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.ts'
import type { Client } from '../../model/options.ts'
import { issuerOf, type Tenant, type TenantAlias } from '../directory/tenants.ts'
import { onlyDefaultScope, tenantNeeded } from '../errors/client-refusals.ts'
import { isRefusal, missing, type Refusal, severalResources } from '../errors/refusals.ts'
import type { Call } from '../http/http.ts'
import { parseClaimsRequest } from '../requests/claims-request.ts'
import { parseScope } from '../scopes/scopes.ts'
import type { Entra } from '../state/entra.ts'
import type { Proof } from './authenticate-client.ts'
import { BACKDATED_SECONDS, lifetimeFields } from './issue-tokens.ts'

/** The request of an application for a token of its own (RFC 6749 §4.4). */
export interface AppRequest {
  readonly call: Call
  readonly client: Client
  readonly tenant: Tenant | TenantAlias
  readonly proof: Proof
}

/** Issues a token to the application itself. The response has no `scope`, no ID token and no refresh token. */
export async function issueAppToken(
  entra: Entra,
  { call, client, tenant, proof }: AppRequest,
): Promise<JsonObject | Refusal> {
  if (typeof tenant === 'string') return tenantNeeded()
  const text = call.parameters.get('scope')
  if (text === null) return missing('scope')
  const scope = parseScope(text, tenant.name)
  if (isRefusal(scope)) return scope
  const [asked, ...others] = scope.resources
  if (others.length > 0) return severalResources(text)
  if (!asked?.isDefault) return onlyDefaultScope(text)
  const { issued, settings } = entra.state
  const capabilities = parseClaimsRequest(call.parameters.get('claims'))?.capabilities ?? []
  const nowSeconds = Math.floor(Date.now() / 1000)
  const principal = principalOf(client.clientId, tenant)
  const accessToken = await entra.keys.sign({
    aud: asked.resource.audience ?? asked.prefix,
    iss: issuerOf(entra.origin, tenant.id),
    iat: nowSeconds - BACKDATED_SECONDS,
    nbf: nowSeconds - BACKDATED_SECONDS,
    exp: nowSeconds + settings.get().accessTokenLifetime,
    azp: client.clientId,
    azpacr: proof,
    idtyp: 'app',
    oid: principal,
    sub: principal,
    roles: ['Data.Read.All'],
    tid: tenant.id,
    ver: '2.0',
    uti: crypto.randomUUID(),
    ...(capabilities.length > 0 && { xms_cc: [...capabilities] }),
  })
  issued.add('accessTokens', accessToken)
  return {
    token_type: 'Bearer',
    ...lifetimeFields(settings.get()),
    access_token: accessToken,
  }
}

/** The object id of the application in a tenant. */
function principalOf(clientId: string, { id }: Tenant): string {
  const hex = createHash('sha256').update(`principal ${id} ${clientId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
