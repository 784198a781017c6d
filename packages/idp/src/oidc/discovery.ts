import { apiScopes } from '../accounts/scopes.ts'
import { type JsonObject, overlay } from '../model/json.ts'
import type { Settings } from '../model/settings.ts'

/** The discovery document of oidc-provider, with the scopes of the APIs and the changes of the settings. */
export function discoveryDocument(document: unknown, { discovery }: Pick<Settings, 'discovery'>) {
  const standard = document as JsonObject
  const scopes = [standard.scopes_supported ?? []].flat()
  const complete = { ...standard, scopes_supported: [...scopes, ...Object.keys(apiScopes)] }
  return overlay(complete, discovery)
}
