import { originsOf } from '../../accounts/clients.ts'
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
import { type Issue, issueTokens } from './issue-tokens.ts'
import { redeemCode } from './redeem-code.ts'
import { redeemRefreshToken } from './redeem-refresh-token.ts'

/** `/{tenant}/oauth2/v2.0/token` */
export async function answerToken(entra: Entra, call: Call, segment: string): Promise<Answer> {
  const issue = redeem(entra, call, segment)
  if (isRefusal(issue)) return json(400, errorBody(issue, call.trace, entra.origin))
  const { issued } = entra.state
  const response = await issueTokens(entra, issue)
  return json(200, await spoil(response, call.fault, { keys: entra.keys, issued }))
}

function redeem(entra: Entra, call: Call, segment: string): Issue | Refusal {
  const { parameters } = call
  const tenant = tenantOf(segment)
  if (!tenant) return unknownTenant(segment)
  const grantType = parameters.get('grant_type')
  if (grantType === null) return missing('grant_type')
  const clientId = parameters.get('client_id')
  if (clientId === null) return missing('client_id')
  const client = entra.state.clients.find(clientId)
  if (!client) return unknownClient(clientId, segment)
  const refusal = refusalOfOrigin(entra, client, call.header('origin'))
  if (refusal) return refusal

  if (grantType === 'authorization_code') return redeemCode(entra, { call, client, tenant })
  if (grantType === 'refresh_token') return redeemRefreshToken(entra, { call, client, tenant })
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
