import { partitionOf, profileOf } from '@carnet/core'
import type { AuthClientOptions } from '../../api/options.ts'
import type { Credential } from './entities.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** A home account of Azure AD B2C: the id of the user with the policy of the sign-in, and the tenant. */
const OF_POLICY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-(b2c_1[^.]*)\.[^.]+$/i
const ALIASES = ['common', 'organizations', 'consumers']

type Claims = Readonly<Record<string, unknown>>

/** Compares entries with the authority of the client. All of these values come from web storage, so a script may have set them. */
export interface AuthorityRules {
  /** True for an environment of the authority: its host, or another name of its cloud. */
  isHere(environment: string): boolean
  /** True if the authority of the client may have issued the credential: it is of its tenant. */
  fits(credential: Credential): boolean
  /** The authority of the credential, if it is of another tenant; `undefined` for the authority of the client. */
  authorityOf(credential: Credential): string | undefined
  /** True if the claims of an ID token may belong to this home account. */
  isHome(homeAccountId: string, claims: Claims): boolean
}

export function authorityRules({
  clientId,
  authority,
  authorityProfile,
}: AuthClientOptions): AuthorityRules {
  const profile = profileOf(authority, authorityProfile)
  const { host, origin, pathname } = new URL(authority)
  const segments = pathname.split('/').filter((part) => part !== '' && part !== 'v2.0')
  const tenant = segments.length === 1 ? (segments[0] ?? '').toLowerCase() : ''
  if (profile !== 'entra')
    return {
      isHere: (environment) => environment === host,
      fits: () => true,
      authorityOf: () => undefined,
      isHome: () => true,
    }

  const partition = partitionOf(authority, clientId, profile)
  const [directory, policy] = segments
  const isTenant = (realm: string) => !GUID.test(tenant) || realm.toLowerCase() === tenant
  return {
    isHere: (environment) =>
      URL.canParse(`https://${environment}`) &&
      partitionOf(`https://${environment}`, clientId, profile) === partition,
    fits: ({ realm = '' }) => isTenant(realm),
    authorityOf({ realm = '', homeAccountId }) {
      const [, ofAccount] = OF_POLICY.exec(homeAccountId) ?? []
      // Each policy of B2C has its own accounts and refresh tokens.
      if (policy !== undefined && ofAccount !== undefined)
        return ofAccount.toLowerCase() === policy.toLowerCase()
          ? undefined
          : `${origin}/${directory}/${ofAccount}`
      if (!GUID.test(realm)) return undefined
      const isGuest = ALIASES.includes(tenant) && !homeAccountId.endsWith(`.${realm}`)
      return isGuest || !isTenant(realm) ? `${origin}/${realm}` : undefined
    },
    isHome(homeAccountId, { sub, oid, tid }) {
      const [, uid, utid] = /^([\w-]+)\.([\w-]+)$/.exec(homeAccountId) ?? []
      if (uid === undefined) return homeAccountId === sub
      // B2C appends the policy to the `oid`.
      return utid !== tid || typeof oid !== 'string' || uid.startsWith(oid)
    },
  }
}
