import { base64url, createFakeProvider } from './fake-provider.ts'

/** The user who signs in, and the tenant. */
export interface FakeEntraPerson {
  readonly uid: string
  readonly utid: string
  /** The tenant that issues the tokens. Default `utid`. */
  readonly tid?: string
}

const HOST = 'https://login.microsoftonline.com'

/**
 * A fake Entra authority without signatures. If it serves many tenants, its issuer has a template. Its tokens name the tenant
 * of the user. Its secrets start with `s3cret-`.
 */
export function createFakeEntra({
  now,
  tenant = 'common',
  clientId = 'spa',
}: {
  now: () => number
  tenant?: string
  clientId?: string
}) {
  const authority = `${HOST}/${tenant}`
  const provider = createFakeProvider({ now, issuer: `${authority}/v2.0`, clientId })
  const isOneTenant = tenant.includes('-')
  const metadata = {
    ...provider.metadata,
    issuer: `${HOST}/${isOneTenant ? tenant : '{tenantid}'}/v2.0`,
  }

  /** The claims of the user's ID token. The same user has another `sub` and `oid` in each tenant. */
  const claimsOf = ({ uid, utid, tid = utid }: FakeEntraPerson) => ({
    iss: `${HOST}/${tid}/v2.0`,
    sub: `sub-of-${uid}-in-${tid}`,
    tid,
    oid: tid === utid ? uid : `guest-${uid}`,
    preferred_username: `${uid}@contoso.example`,
  })
  const clientInfoOf = ({ uid, utid }: FakeEntraPerson) => base64url({ uid, utid })

  return Object.assign(provider, {
    authority,
    metadata,
    claimsOf,
    clientInfoOf,
    /** The body of a token response for a user. `fields` and `claims` override the defaults. */
    tokensFor: (
      person: FakeEntraPerson,
      fields: Record<string, unknown> = {},
      claims: Record<string, unknown> = {},
    ) =>
      provider.tokens({
        id_token: provider.idToken({ ...claimsOf(person), ...claims }),
        client_info: clientInfoOf(person),
        ...fields,
      }),
  })
}
