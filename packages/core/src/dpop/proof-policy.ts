import { findResource } from '../resources/find-resource.ts'
import { plainPath } from '../resources/plain-path.ts'
import type { ResourceEntry } from '../resources/resource-map.ts'
import type { ProofAlgorithm } from './proof.ts'

/** The requests that a key of a worker may prove. The worker gets it with the key, so a later script cannot widen it. */
export interface ProofPolicy {
  readonly alg: ProofAlgorithm
  readonly clientId: string
  /** The worker proves requests to this endpoint itself: no page gets such a proof. */
  readonly tokenEndpoint: string
  readonly userInfoEndpoint: string | undefined
  /** The option `resources`, parsed. */
  readonly resources: readonly ResourceEntry[]
}

/** True if a page may get a proof for the request. */
export function mayProve(
  { tokenEndpoint, userInfoEndpoint, resources }: ProofPolicy,
  method: string,
  url: string,
): boolean {
  const place = placeOf(url)
  // A server may read two spellings of a path as one.
  if (place === undefined || place === placeOf(tokenEndpoint)) return false
  if (userInfoEndpoint !== undefined && place === placeOf(userInfoEndpoint)) return true
  return findResource(resources, url, method).attached
}

/** True if the worker may send a token request with a proof to the URL. */
export const mayRedeemAt = ({ tokenEndpoint }: ProofPolicy, url: string): boolean =>
  URL.canParse(url) && new URL(url).origin === new URL(tokenEndpoint).origin

/** Origin and path, in a spelling that is the same for paths that a server may take for the same. */
function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, pathname } = new URL(url)
  const path = plainPath(pathname)
    ?.replace(/%2f/gi, '/')
    .replace(/;[^/]*/g, '')
  return (
    path &&
    origin +
      path
        .replace(/\/{2,}/g, '/')
        .replace(/\/$/, '')
        .toLowerCase()
  )
}
