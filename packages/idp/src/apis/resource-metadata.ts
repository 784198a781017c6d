import { resourcesOf } from '../accounts/scopes.ts'
import { type JsonObject, overlay } from '../model/json.ts'
import type { SettingsStore } from '../model/settings.ts'
import type { Middleware } from '../vendor/oidc-provider.ts'

const WELL_KNOWN = '/.well-known/oauth-protected-resource/'

/** The address of the metadata of the API resource, for the challenge (RFC 9728 §5.1). */
export const resourceMetadataUrl = (issuer: string): string => `${issuer}${WELL_KNOWN}api`

/** Serves the metadata of each resource (RFC 9728 §3), with the changes of the setting `resourceMetadata`. */
export function createResourceMetadata(
  issuer: string,
  settings: Pick<SettingsStore, 'get'>,
): Middleware {
  const resources = resourcesOf(issuer)

  return function resourceMetadata(context, next) {
    if (!context.path.startsWith(WELL_KNOWN)) return next()
    const resource = `${issuer}/${context.path.slice(WELL_KNOWN.length)}`
    const scopes = resources.get(resource)
    const changes = settings.get().resourceMetadata
    context.set('Cache-Control', 'no-store')
    if (!scopes || changes === null) {
      context.status = 404
      context.body = { error: 'not_found' }
      return Promise.resolve()
    }
    const document: JsonObject = {
      resource,
      authorization_servers: [issuer],
      scopes_supported: [...scopes],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
    }
    context.body = overlay(document, changes)
    return Promise.resolve()
  }
}
