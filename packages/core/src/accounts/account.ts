import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import { formatOf } from '../records/format.ts'
import { of, shape, text } from '../records/shape.ts'

/** Claims of an ID token, as the provider sent them (OpenID Connect Core section 2). */
export type IdTokenClaims = Readonly<Record<string, unknown>> & {
  readonly iss: string
  readonly sub: string
}

/** A person (or a tenant's view of one) who is signed in here. Plain data: compare by its ids. */
export interface Account {
  /** Identifies the account among all accounts of a client. The same over reloads and renewals. */
  readonly id: string
  /** The same over all tenants of the environment: the `sub` within its issuer. */
  readonly homeAccountId: string
  /** The issuer without its scheme: `login.example.com`, `login.example.com/realms/a`. */
  readonly environment: string
  /** The tenant that signed the account in; empty where the provider knows no tenants. */
  readonly tenantId: string
  /** The id within the tenant: the `sub`. */
  readonly localAccountId: string
  /** What the person types at sign-in, where the provider says it; else the `sub`. */
  readonly username: string
  readonly name: string | undefined
  readonly idTokenClaims: IdTokenClaims
  /** The tenants in which this home account is signed in here, this one among them; on Entra only. */
  readonly tenantProfiles?: readonly TenantProfile[]
}

/** How one tenant of Entra sees an account. */
export interface TenantProfile {
  readonly tenantId: string
  readonly localAccountId: string
  readonly username: string
  readonly name: string | undefined
  /** True in the tenant that the account is from; false where it is a guest. */
  readonly isHomeTenant: boolean
}

/** What is kept of an account: the account and the ID token that it was read from. */
export interface AccountRecord {
  readonly account: Account
  readonly idToken: string
  /** The authority that signed the account in: where its metadata is found. */
  readonly authority: string
  /** The terms of the sign-in beyond its scopes: later requests repeat them. */
  readonly signedInWith?: SignInTerms | undefined
}

/** The terms of a sign-in that hold for every later request of the account, unless the request names others. */
export interface SignInTerms extends ParameterKeys {
  /** The scopes of OpenID Connect that the app asked for: without them, a later ID token says less. */
  readonly oidcScopes: readonly string[]
  readonly parameters: RequestParameters
}

/** Escapes the separator only: unlike `encodeURIComponent` it takes every text there is. */
export const escapeKey = (id: string) => id.replaceAll('%', '%25').replaceAll('|', '%7C')

export type AccountId = Pick<Account, 'environment' | 'homeAccountId' | 'tenantId'>

const keys = new WeakMap<AccountId, string>()

/** The account with its `id`. */
export const withId = <Fields extends AccountId>(
  fields: Fields,
): Readonly<Fields & { id: string }> => Object.freeze({ ...fields, id: accountKey(fields) })

/** The key of an account among all: equal ids, equal keys; no two accounts share one. */
export function accountKey(account: AccountId): string {
  const known = keys.get(account)
  if (known !== undefined) return known
  const { environment, homeAccountId, tenantId } = account
  const key = [environment, homeAccountId, tenantId].map(escapeKey).join('|')
  keys.set(account, key)
  return key
}

/** How an account is stored. The terms of its sign-in are checked by `signInTermsOf`, part by part. */
export const accountFormat = formatOf<AccountRecord>(
  1,
  shape<AccountRecord, 'signedInWith'>({
    account: of(
      // Accounts of early versions have no `id`, which is always made of the other ids.
      shape<Account, 'id' | 'name' | 'tenantProfiles'>({
        homeAccountId: text,
        environment: text,
        tenantId: text,
        localAccountId: text,
        username: text,
        idTokenClaims: of(shape<Pick<IdTokenClaims, 'iss' | 'sub'>>({ iss: text, sub: text })),
      }),
    ),
    idToken: text,
    authority: text,
  }),
)

/** Reads a stored account; `undefined` where the record is not one. */
export function parseAccountRecord(value: unknown): AccountRecord | undefined {
  const record = accountFormat.read(value)
  return record && { ...record, account: withId(record.account) }
}
