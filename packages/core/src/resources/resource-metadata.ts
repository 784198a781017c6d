import { isIssuerOf } from '../dialects/oidc/issuer.ts'
import { isScope } from '../scopes/scope-values.ts'
import { findResource } from './find-resource.ts'
import { parseResources } from './resource-map.ts'

/** The members of protected resource metadata (RFC 9728 section 2) that a token request needs. */
export interface ResourceMetadata {
  readonly resource: string
  readonly scopes: readonly string[] | undefined
}

/** Longer documents are refused. */
export const LONGEST_RESOURCE_METADATA = 256 * 1024

/**
 * Checks protected resource metadata. The document must be about the URL that was called, and must name our issuer (RFC 9728
 * section 3.3): otherwise an API could get the token of another API.
 *
 * @param document The parsed JSON.
 * @param url The URL of the refused request.
 * @param issuer The issuer of the client.
 * @returns The metadata, or the reason why it is invalid.
 */
export function readResourceMetadata(
  document: unknown,
  url: string,
  issuer: string,
): ResourceMetadata | string {
  const { resource, authorization_servers: servers, scopes_supported } = Object(document)
  if (typeof resource !== 'string') return 'it names no `resource`'
  if (!/^https?:/i.test(resource) || !isPrefix(resource, url))
    return 'its `resource` is another URL'
  const isOurs = (server: unknown) => typeof server === 'string' && isIssuerOf(server, issuer)
  if (!Array.isArray(servers) || !servers.some(isOurs))
    return 'its `authorization_servers` do not name our issuer'
  if (scopes_supported === undefined) return { resource, scopes: undefined }
  if (!Array.isArray(scopes_supported) || !scopes_supported.every(isScope))
    return 'its `scopes_supported` are no scopes'
  return { resource, scopes: scopes_supported }
}

/** True if `resource` equals the URL, or if whole segments of its path begin the path of the URL. */
function isPrefix(resource: string, url: string): boolean {
  try {
    return findResource(parseResources({ [resource]: [] }, url), url, 'GET').attached
  } catch {
    return false
  }
}
