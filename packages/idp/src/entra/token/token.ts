import { originsOf } from '../../accounts/clients.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Client } from '../../model/options.ts'
import { spoil } from '../../oidc/token-response.ts'
import { tenantOf } from '../directory/tenants.ts'
import { errorBody } from '../errors/error-body.ts'
import {
  isRefusal,
  missing,
  noOrigin,
  type Refusal,
  unknownClient,
  unknownTenant,
  unsupportedGrantType,
  wrongOrigin,
} from '../errors/refusals.ts'
import { type Answer, type Call, json } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import { authenticateClient } from './authenticate-client.ts'
import { issueAppToken } from './client-credentials.ts'
import { type Issue, issueTokens } from './issue-tokens.ts'
import { JWT_BEARER, redeemAssertion } from './on-behalf-of.ts'
import { redeemPassword } from './password.ts'
import { redeemCode } from './redeem-code.ts'
import { DEVICE_CODE, redeemDeviceCode } from './redeem-device-code.ts'
import { redeemRefreshToken } from './redeem-refresh-token.ts'
import { redeemSamlAssertion, SAML_GRANTS } from './redeem-saml-assertion.ts'
import type { Redemption } from './redemption.ts'

/** `/{tenant}/oauth2/v2.0/token` */
export async function answerToken(entra: Entra, call: Call, segment: string): Promise<Answer> {
  const response = await redeem(entra, call, segment)
  if (isRefusal(response)) {
    const status = response.error === 'invalid_client' ? 401 : 400
    return json(status, errorBody(response, call.trace, entra.origin))
  }
  const { issued } = entra.state
  return json(200, await spoil(response, call.fault, { keys: entra.keys, issued }))
}

async function redeem(entra: Entra, call: Call, segment: string): Promise<JsonObject | Refusal> {
  const { parameters } = call
  const tenant = tenantOf(segment)
  if (!tenant) return unknownTenant(segment)
  const grantType = parameters.get('grant_type')
  if (grantType === null) return missing('grant_type')
  const clientId = parameters.get('client_id')
  if (clientId === null) return missing('client_id')
  const client = entra.state.clients.find(clientId)
  if (!client) return unknownClient(clientId, segment)
  const proof = await authenticateClient(entra, call, client)
  if (typeof proof === 'object') return proof
  const needsNoOrigin = client.credentials !== undefined || client.isNative === true
  const refusal = needsNoOrigin ? undefined : refusalOfOrigin(entra, client, call.header('origin'))
  if (refusal) return refusal

  if (grantType === 'client_credentials' && client.credentials)
    return issueAppToken(entra, { call, client, tenant, proof })
  const issue = await redeemGrant(entra, grantType, { call, client, tenant })
  return isRefusal(issue) ? issue : issueTokens(entra, { ...issue, proof })
}

async function redeemGrant(
  entra: Entra,
  grantType: string,
  redemption: Redemption,
): Promise<Issue | Refusal> {
  if (grantType === 'authorization_code') return redeemCode(entra, redemption)
  if (grantType === DEVICE_CODE && !redemption.client.credentials)
    return redeemDeviceCode(entra, redemption)
  if (grantType === 'password' && redemption.client.isNative)
    return redeemPassword(entra, redemption)
  if (grantType === 'refresh_token') return redeemRefreshToken(entra, redemption)
  if (grantType === JWT_BEARER && redemption.client.credentials)
    return redeemAssertion(entra, redemption)
  if (SAML_GRANTS.includes(grantType) && redemption.client.isNative)
    return redeemSamlAssertion(entra, redemption)
  return unsupportedGrantType(grantType)
}

/** Redirect URIs of the type SPA: only scripts of their origins may redeem codes and refresh tokens. */
function refusalOfOrigin(
  { state }: Entra,
  client: Client,
  origin: string | undefined,
): Refusal | undefined {
  if (origin === undefined) return noOrigin()
  const isSpa = state.settings.get().redirectUriType === 'spa'
  return isSpa && originsOf(client).has(origin) ? undefined : wrongOrigin(origin)
}
