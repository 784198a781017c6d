import type { Account } from '../accounts/account.ts'

/** A user, as one tenant sees it: home account, environment and tenant. Every `Account` is one. */
export type UserOwner = Pick<Account, 'id' | 'homeAccountId' | 'environment' | 'tenantId'> & {
  readonly type?: undefined
}

/** An owner without an account. `other-owners.ts` makes them. */
interface OtherOwner {
  readonly id: string
}

/** The app itself, in one tenant: its tokens come from client credentials (RFC 6749 section 4.4). */
export interface AppOwner extends OtherOwner {
  readonly type: 'app'
  readonly clientId: string
  /** Empty where the provider knows no tenants. */
  readonly tenant: string
}

/** The user behind a token that was presented to the app, as in RFC 7523. */
export interface AssertionOwner extends OtherOwner {
  readonly type: 'assertion'
  /** SHA-256 of the token that was presented, because keys are stored in clear. */
  readonly sha256: string
}

/** A job that goes on after its user has left. The app keeps the key. */
export interface SessionOwner extends OtherOwner {
  readonly type: 'session'
  readonly key: string
}

/**
 * The owner of a token. A token never answers the query of another owner. Equal owners have equal ids, and no two owners
 * share one.
 */
export type TokenOwner = UserOwner | AppOwner | AssertionOwner | SessionOwner

/** True for a user: only a query about a user has an account, and can be answered by an interaction. */
export const isUser = (owner: TokenOwner): owner is UserOwner => !owner.type

/**
 * The key of the grant behind the tokens of an owner: its refresh token, and the lock under which its tokens are renewed.
 * For a user it is the `refreshTokenKey`, without the tenant: on Entra, one refresh token serves all tenants.
 */
export const grantOwnerKey = ({ type, id }: TokenOwner): string =>
  type ? id : id.slice(0, id.lastIndexOf('|') + 1)
