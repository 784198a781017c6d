import { identityScopes } from '../../accounts/scopes.ts'
import {
  defaultWithOthers,
  missing,
  type Refusal,
  unknownResource,
  unknownScope,
} from '../errors/refusals.ts'
import { graph, type Resource, resourceOf } from './resources.ts'

/** A parsed `scope` parameter. */
export interface ScopeRequest {
  /** The requested scopes among openid, profile, email and offline_access. */
  readonly identity: ReadonlySet<string>
  /** In the order of the request. */
  readonly resources: readonly ResourceRequest[]
  readonly text: string
}

export interface ResourceRequest {
  readonly resource: Resource
  /** The identifier in the spelling of the client; empty for the short scope names of Graph. */
  readonly prefix: string
  /** In the spelling of the resource. */
  readonly names: readonly string[]
  /** True for `.default`: the scopes with consent, else the scopes of the registration. */
  readonly isDefault: boolean
}

const DEFAULT = '.default'

/**
 * @param tenant The name of the tenant, for the error message.
 * @param own The client id, if it is a scope. At Azure AD B2C it stands for the API of the app itself.
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

/** The resource request of a `scope` with identity scopes only. */
export const onlyIdentity: ResourceRequest = {
  resource: graph,
  prefix: '',
  names: [],
  isDefault: false,
}

/** The canonical name of a scope, independent of the spelling of the client. */
export const permissionOf = ({ identifiers: [identifier] }: Resource, name: string): string =>
  `${identifier}/${name}`

/**
 * The `scope` of a token response in the spelling of Entra. Scopes of Graph come with the identity scopes,
 * and with short names if the request used them. All other scopes have full names.
 */
export function spellScopes(asked: ResourceRequest, granted: readonly string[]): string {
  const { isDefault, prefix, resource } = asked
  const full = (name: string) => (prefix === '' ? name : `${prefix}/${name}`)
  const names = [...granted, ...(isDefault ? [DEFAULT] : [])].map(full)
  return (resource === graph ? ['openid', 'profile', ...names, 'email'] : names).join(' ')
}

/** Splits at the last slash. An earlier slash belongs to the identifier of the resource. */
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
