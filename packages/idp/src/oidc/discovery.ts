import { apiScopes } from '../accounts/scopes.ts'
import { type JsonObject, overlay } from '../model/json.ts'
import type { Settings } from '../model/settings.ts'

/** The discovery document of oidc-provider with our API scopes and what the settings change. */
export function discoveryDocument(document: unknown, { discovery }: Pick<Settings, 'discovery'>) {
  const standard = document as JsonObject
  const scopes = [standard.scopes_supported ?? []].flat()
  const complete = { ...standard, scopes_supported: [...scopes, ...Object.keys(apiScopes)] }
  return overlay(complete, discovery)
}
