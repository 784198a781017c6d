import { createHash } from 'node:crypto'
import type { EntraUser } from './options.ts'
import { type Tenant, type TenantAlias, tenants } from './tenants.ts'

/** A user object in one tenant. A guest has a different object, and `oid`, in each tenant. */
export interface Identity {
  readonly user: EntraUser
  readonly tenant: Tenant
  readonly oid: string
  /** The home tenant and the `oid` there. `client_info` contains both, whichever tenant issues the token. */
  readonly home: { readonly tenant: Tenant; readonly oid: string }
  /** The `login_hint` claim: an opaque value that identifies the user in a later authorization request. */
  readonly loginHint: string
}

export interface Directory {
  /** Undefined if the user is neither a member nor a guest of the tenant. */
  identity(username: string, tenant: Tenant | TenantAlias): Identity | undefined
  /** The users that can sign in to a tenant. */
  usersOf(tenant: Tenant | TenantAlias): readonly EntraUser[]
  /** By user name, mail address or `login_hint` claim. */
  byHint(hint: string): EntraUser | undefined
  byOid(oid: string, tenantId: string): Identity | undefined
}

export function createDirectory(users: readonly EntraUser[]): Directory {
  const identity: Directory['identity'] = (username, tenant) => {
    const user = users.find((one) => one.username === username)
    if (!user || tenant === 'consumers') return undefined
    const home = tenants[user.home]
    const entered = typeof tenant === 'string' ? home : tenant
    if (entered.id !== home.id && !user.isGuestElsewhere) return undefined
    return {
      user,
      tenant: entered,
      oid: oidOf(user, entered),
      home: { tenant: home, oid: oidOf(user, home) },
      loginHint: loginHintOf(user),
    }
  }

  return {
    identity,
    usersOf: (tenant) => users.filter(({ username }) => identity(username, tenant)),
    byHint: (hint) =>
      users.find(
        (user) =>
          loginHintOf(user) === hint ||
          [user.username, user.email].some((name) => name.toLowerCase() === hint.toLowerCase()),
      ),
    byOid: (oid, tenantId) =>
      Object.values(tenants)
        .filter(({ id }) => id === tenantId)
        .flatMap((tenant) => users.map(({ username }) => identity(username, tenant)))
        .find((one) => one?.oid === oid),
  }
}

/** The `sub` claim. It is pairwise, so clients cannot correlate users (OpenID Connect Core §8.1). */
export const subOf = ({ oid }: Pick<Identity, 'oid'>, clientId: string): string =>
  hash(`sub ${oid} ${clientId}`).toString('base64url')

/** `client_info`: it lets a client map a guest to the home account. */
export function clientInfoOf({ home }: Identity, policy?: string): string {
  const uid = policy === undefined ? home.oid : `${home.oid}-${policy.toLowerCase()}`
  return Buffer.from(JSON.stringify({ uid, utid: home.tenant.id })).toString('base64url')
}

const oidOf = ({ username }: EntraUser, { id }: Tenant): string => guidOf(`oid ${id} ${username}`)

const loginHintOf = ({ username, home }: EntraUser): string =>
  `O.${hash(`hint ${tenants[home].id} ${username}`).toString('base64url')}`

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** A GUID that stays the same between starts of the provider. */
function guidOf(text: string): string {
  const hex = hash(text).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
