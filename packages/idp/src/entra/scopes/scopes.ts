import { identityScopes } from '../../accounts/scopes.ts'
import {
  defaultWithOthers,
  missing,
  type Refusal,
  unknownResource,
  unknownScope,
} from '../errors/refusals.ts'
import { graph, type Resource, resourceOf } from './resources.ts'

/** A `scope` parameter, taken apart. */
export interface ScopeRequest {
  /** Of openid, profile, email and offline_access: what was asked. */
  readonly identity: ReadonlySet<string>
  /** In the order in which they were named. */
  readonly resources: readonly ResourceRequest[]
  readonly text: string
}

export interface ResourceRequest {
  readonly resource: Resource
  /** The identifier as the client spells it; empty for Graph's short names. */
  readonly prefix: string
  /** As the resource spells them. */
  readonly names: readonly string[]
  /** `.default`: what the app is registered for, or what has been consented to. */
  readonly isDefault: boolean
}

const DEFAULT = '.default'

/**
 * @param tenant The name of the tenant, for the error.
 * @param own The client id, where it is a scope: at Azure AD B2C, for the API of the app itself.
 */
export function parseScope(text: string, tenant: string, own?: string): ScopeRequest | Refusal {
  const values = [...new Set(text.split(' ').filter(Boolean))]
  if (values.length === 0) return missing('scope')

  const identity = new Set<string>()
  const byResource = new Map<Resource, ResourceRequest>()
  for (const value of values) {
    const known = identityScopes.find((name) => name === value.toLowerCase())
    if (known) {
      identity.add(known)
      continue
    }
    if (value === own) {
      const resource = ownResource(own)
      byResource.set(resource, { resource, prefix: '', names: [own], isDefault: false })
      continue
    }
    const { prefix, name } = split(value)
    const resource = prefix === '' ? graph : resourceOf(prefix)
    if (!resource) return unknownResource(prefix, tenant)
    const spelled = name.toLowerCase() === DEFAULT ? DEFAULT : spellingOf(resource, name)
    if (spelled === undefined) return unknownScope(name, resource.identifiers[0])
    byResource.set(resource, extend(byResource.get(resource), { resource, prefix, spelled }))
  }

  const resources = [...byResource.values()]
  const isMixed = resources.some(({ isDefault, names }) => isDefault && names.length > 0)
  const isDefaultOfMany = resources.length > 1 && resources.some(({ isDefault }) => isDefault)
  return isMixed || isDefaultOfMany ? defaultWithOthers(text) : { identity, resources, text }
}

const ownResource = (clientId: string): Resource => ({
  identifiers: [clientId],
  name: clientId,
  audience: clientId,
  scopes: { [clientId]: { label: 'Use the API of the app itself' } },
})

/** What is asked of Graph when only the user is asked about. */
export const onlyIdentity: ResourceRequest = {
  resource: graph,
  prefix: '',
  names: [],
  isDefault: false,
}

/** The name under which a scope is remembered, however it was spelled. */
export const permissionOf = ({ identifiers: [identifier] }: Resource, name: string): string =>
  `${identifier}/${name}`

/**
 * The `scope` of a token response as Entra spells it: what belongs to Graph with the identity
 * scopes and by short names if they were asked so, everything else by its full name.
 */
export function spellScopes(asked: ResourceRequest, granted: readonly string[]): string {
  const { isDefault, prefix, resource } = asked
  const full = (name: string) => (prefix === '' ? name : `${prefix}/${name}`)
  const names = [...granted, ...(isDefault ? [DEFAULT] : [])].map(full)
  return (resource === graph ? ['openid', 'profile', ...names, 'email'] : names).join(' ')
}

/** The last slash divides; one before it belongs to the identifier of the resource. */
function split(value: string): { prefix: string; name: string } {
  const slash = value.lastIndexOf('/')
  return { prefix: value.slice(0, Math.max(0, slash)), name: value.slice(slash + 1) }
}

const spellingOf = ({ scopes }: Resource, name: string): string | undefined =>
  Object.keys(scopes).find((known) => known.toLowerCase() === name.toLowerCase())

function extend(
  before: ResourceRequest | undefined,
  { resource, prefix, spelled }: { resource: Resource; prefix: string; spelled: string },
): ResourceRequest {
  const { names = [], isDefault = false, prefix: first = '' } = before ?? {}
  return {
    resource,
    prefix: first || prefix,
    names: spelled === DEFAULT || names.includes(spelled) ? names : [...names, spelled],
    isDefault: isDefault || spelled === DEFAULT,
  }
}
