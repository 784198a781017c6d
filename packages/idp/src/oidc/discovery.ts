import { apiScopes } from '../accounts/scopes.ts'
import { type JsonObject, overlay } from '../model/json.ts'
import type { Settings } from '../model/settings.ts'

/** The discovery document of oidc-provider, with the scopes of the APIs and the changes of the settings. */
export function discoveryDocument(
  document: unknown,
  { discovery, dpop, requirePushedRequests }: Settings,
) {
  const standard = document as JsonObject
  const scopes = [standard.scopes_supported ?? []].flat()
  const complete: JsonObject = {
    ...standard,
    scopes_supported: [...scopes, ...Object.keys(apiScopes)],
    ...(requirePushedRequests && { require_pushed_authorization_requests: true }),
  }
  const offered = overlay(
    complete,
    dpop === 'off' ? { dpop_signing_alg_values_supported: null } : {},
  )
  return overlay(offered, discovery)
}
