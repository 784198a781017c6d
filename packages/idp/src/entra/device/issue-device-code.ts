import { tenantOf } from '../directory/tenants.ts'
import { errorBody } from '../errors/error-body.ts'
import {
  isRefusal,
  missing,
  type Refusal,
  unknownClient,
  unknownTenant,
} from '../errors/refusals.ts'
import { type Answer, type Call, json } from '../http/http.ts'
import { parseDeviceRequest } from '../requests/authorization-request.ts'
import type { Entra } from '../state/entra.ts'

/** `/{tenant}/oauth2/v2.0/devicecode` (RFC 8628 §3.1). Entra has no `verification_uri_complete`. */
export function issueDeviceCode(
  entra: Entra,
  { parameters, trace }: Call,
  segment: string,
): Answer {
  const { deviceCodes, origin, state } = entra
  const refuse = (refusal: Refusal) => json(400, errorBody(refusal, trace, origin))
  const tenant = tenantOf(segment)
  if (!tenant) return refuse(unknownTenant(segment))
  const clientId = parameters.get('client_id')
  if (clientId === null) return refuse(missing('client_id'))
  const client = state.clients.find(clientId)
  if (!client) return refuse(unknownClient(clientId, segment))
  if (!parameters.get('scope')) return refuse(missing('scope'))
  const request = parseDeviceRequest(parameters, { client, tenant })
  if (isRefusal(request)) return refuse(request)

  const { deviceCode, userCode } = deviceCodes.issue(request)
  const page = `${origin}/common/oauth2/deviceauth`
  const { deviceCodeInterval, deviceCodeLifetime } = state.settings.get()
  return json(200, {
    user_code: userCode,
    device_code: deviceCode,
    verification_uri: page,
    expires_in: deviceCodeLifetime,
    interval: deviceCodeInterval,
    message: `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`,
  })
}
