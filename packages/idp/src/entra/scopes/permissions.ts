import type { Client } from '../../model/options.ts'
import type { State } from '../../state/state.ts'
import type { Identity } from '../directory/directory.ts'
import { isRefusal } from '../errors/refusals.ts'
import { defaultPermissions, type Resource } from './resources.ts'
import { parseScope, permissionOf, type ResourceRequest, type ScopeRequest } from './scopes.ts'

/** A scope of a resource, as the consent page shows it. */
export interface Permission {
  readonly id: string
  readonly label: string
  readonly isForAdmins: boolean
}

export interface Permissions {
  /** The requested permissions without consent. The consent page asks for them. */
  missing(request: ScopeRequest): readonly Permission[]
  /** The requested identity scopes without consent. */
  missingIdentity(request: ScopeRequest): readonly string[]
  /** All requested permissions, with or without consent. */
  requested(request: ScopeRequest): readonly Permission[]
  /**
   * The scopes of a token. Entra includes every scope of the resource that the user ever consented to
   * for this client, not only the requested scopes.
   */
  granted(asked: ResourceRequest): readonly string[]
  /** Records consent to all requested scopes. On Entra, a user cannot decline a single scope. */
  allow(request: ScopeRequest): void
}

/** The permissions that a user granted to a client in a tenant. */
export function permissionsOf(
  { consents, settings }: Pick<State, 'consents' | 'settings'>,
  { tenant, user }: Identity,
  client: Client,
): Permissions {
  const key = `${tenant.id} ${client.clientId}`
  const consented = () => consents.of(user.username, key).granted
  // The setting `skip` acts like admin consent to all scopes.
  const isSkipped = () => settings.get().consent === 'skip'

  const namesOf = ({ isDefault, names, resource }: ResourceRequest): readonly string[] => {
    if (!isDefault) return names
    const before = consentedNames(resource, consented())
    return before.length > 0 ? before : registeredNames(resource, client)
  }

  const requested: Permissions['requested'] = ({ resources }) =>
    resources.flatMap((asked) =>
      namesOf(asked).map((name) => ({
        id: permissionOf(asked.resource, name),
        label: asked.resource.scopes[name]?.label ?? name,
        isForAdmins: asked.resource.scopes[name]?.isForAdmins ?? false,
      })),
    )

  return {
    requested,
    missing: (request) =>
      isSkipped() ? [] : requested(request).filter(({ id }) => !consented().has(id)),
    missingIdentity: ({ identity }) =>
      isSkipped() ? [] : [...identity].filter((scope) => !consented().has(scope)),
    granted(asked) {
      const extra = isSkipped() ? namesOf(asked) : []
      return [...new Set([...consentedNames(asked.resource, consented()), ...extra])]
    },
    allow(request) {
      const granted = new Set([...request.identity, ...requested(request).map(({ id }) => id)])
      consents.record(user.username, key, { granted, declined: new Set() })
    },
  }
}

const consentedNames = (resource: Resource, consented: ReadonlySet<string>): string[] =>
  Object.keys(resource.scopes).filter((name) => consented.has(permissionOf(resource, name)))

function registeredNames(resource: Resource, { apiPermissions }: Client): readonly string[] {
  const request = parseScope((apiPermissions ?? defaultPermissions).join(' '), '')
  if (isRefusal(request)) return []
  return request.resources.find((asked) => asked.resource === resource)?.names ?? []
}
