import { escapeKey } from '../encoding/escape-key.ts'
import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import { formatOf } from '../records/format.ts'
import { of, shape, text } from '../records/shape.ts'

/** Claims of an ID token, as the provider sent them (OpenID Connect Core section 2). */
export type IdTokenClaims = Readonly<Record<string, unknown>> & {
  readonly iss: string
  readonly sub: string
}

/** A signed-in user; on Entra, a user in one tenant. Plain data: compare accounts by `id`. */
export interface Account {
  /** Identifies the account among all accounts of a client. It stays the same across reloads and renewals. */
  readonly id: string
  /** The id of the user at the issuer: the `sub`. On Entra it is the same in all tenants. */
  readonly homeAccountId: string
  /** The issuer without its scheme: `login.example.com`, `login.example.com/realms/a`. */
  readonly environment: string
  /** The tenant that signed the account in; empty if the provider has no tenants. */
  readonly tenantId: string
  /** The id within the tenant: on Entra the `oid`, else the `sub`. */
  readonly localAccountId: string
  /** The name that the user types at sign-in, if the ID token has it; else the `sub`. */
  readonly username: string
  readonly name: string | undefined
  readonly idTokenClaims: IdTokenClaims
  /** All tenants in which this home account is signed in here, including `tenantId`. Only on Entra. */
  readonly tenantProfiles?: readonly TenantProfile[]
}

/** The data of an account in one tenant of Entra. */
export interface TenantProfile {
  readonly tenantId: string
  readonly localAccountId: string
  readonly username: string
  readonly name: string | undefined
  /** True for the account's own tenant; false for a tenant where the user is a guest. */
  readonly isHomeTenant: boolean
}

/** The stored record of an account: the account and the ID token that it was read from. */
export interface AccountRecord {
  readonly account: Account
  readonly idToken: string
  /** The authority that signed the account in. Its metadata serves the renewals. */
  readonly authority: string
  /** The terms of the sign-in besides its scopes. Later requests repeat them. */
  readonly signedInWith?: SignInTerms | undefined
  /** The `session_state` of the session at the provider (OpenID Connect Session Management 1.0 section 2). */
  readonly sessionState?: string | undefined
}

/** The terms of a sign-in. Every later request of the account repeats them, unless it names others. */
export interface SignInTerms extends ParameterKeys {
  /** The OpenID Connect scopes that the app asked for: without them, a later ID token has fewer claims. */
  readonly oidcScopes: readonly string[]
  readonly parameters: RequestParameters
}

/** The ids that identify an account. */
export type AccountId = Pick<Account, 'environment' | 'homeAccountId' | 'tenantId'>

const keys = new WeakMap<AccountId, string>()

/** Adds the `id` to the fields of an account. */
export const withId = <Fields extends AccountId>(
  fields: Fields,
): Readonly<Fields & { id: string }> => Object.freeze({ ...fields, id: accountKey(fields) })

/** The key of an account. Equal ids have equal keys, and no two accounts share a key. */
export function accountKey(account: AccountId): string {
  const known = keys.get(account)
  if (known !== undefined) return known
  const { environment, homeAccountId, tenantId } = account
  const key = [environment, homeAccountId, tenantId].map(escapeKey).join('|')
  keys.set(account, key)
  return key
}

/** The format of a stored account. `signInTermsOf` checks the terms of the sign-in, part by part. */
export const accountFormat = formatOf<AccountRecord>(
  1,
  shape<AccountRecord, 'sessionState' | 'signedInWith'>({
    account: of(
      // Accounts of early versions have no `id`; it is always computed from the other ids.
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

/** Parses a stored account; `undefined` if the value is no account record. */
export function parseAccountRecord(value: unknown): AccountRecord | undefined {
  const record = accountFormat.read(value)
  return record && { ...record, account: withId(record.account) }
}
