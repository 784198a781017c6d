import type { Account } from '../accounts/account.ts'
import { homeKeyIn } from '../records/keys/home-key.ts'

/** A user in one tenant: home account, environment and tenant. Every `Account` is a `UserOwner`. */
export type UserOwner = Pick<Account, 'id' | 'homeAccountId' | 'environment' | 'tenantId'> & {
  readonly type?: undefined
}

/** An owner without an account; see `other-owners.ts`. */
interface OtherOwner {
  readonly id: string
}

/** The app itself, in one tenant: its tokens come from client credentials (RFC 6749 section 4.4). */
export interface AppOwner extends OtherOwner {
  readonly type: 'app'
  readonly clientId: string
  /** Empty if the provider has no tenants. */
  readonly tenant: string
}

/** The user of an assertion that a client presented to the app (RFC 7523). */
export interface AssertionOwner extends OtherOwner {
  readonly type: 'assertion'
  /** The SHA-256 of the assertion, because keys are stored unencrypted. */
  readonly sha256: string
}

/** A job that continues without its user. The app holds the key. */
export interface SessionOwner extends OtherOwner {
  readonly type: 'session'
  readonly key: string
}

/**
 * The owner of a token. A token never answers the query of another owner. Equal owners have equal ids, and different owners
 * have different ids.
 */
export type TokenOwner = UserOwner | AppOwner | AssertionOwner | SessionOwner

/** True for a user. Only a query of a user has an account and can lead to an interaction. */
export const isUser = (owner: TokenOwner): owner is UserOwner => !owner.type

/**
 * The key of an owner's grant, for its refresh token and for the lock of its renewals. For a user it is the `refreshTokenKey`,
 * without the tenant: on Entra, one refresh token serves all tenants.
 */
export const grantOwnerKey = ({ type, id }: TokenOwner): string => (type ? id : homeKeyIn(id))
