import { escapeKey } from '../accounts/account.ts'
import type { AppOwner, AssertionOwner, SessionOwner } from './token-owner.ts'

/**
 * The id of an owner without an account. It starts with `%` and a word. No `accountKey` starts this way, because `25` or
 * `7C` follows each `%` there.
 */
const idOf = (type: string, ...ids: readonly string[]): string =>
  [`%${type}`, ...ids.map(escapeKey)].join('|')

/** The owner of tokens for the app itself. */
export const appOwner = (clientId: string, tenant: string): AppOwner => ({
  type: 'app',
  clientId,
  tenant,
  id: idOf('app', clientId, tenant),
})

/**
 * The owner of tokens for the user of an assertion.
 *
 * @param sha256 The SHA-256 of the assertion, as hex or base64url.
 */
export const assertionOwner = (sha256: string): AssertionOwner => ({
  type: 'assertion',
  sha256,
  id: idOf('assertion', sha256),
})

/** The owner of tokens for a job that continues without its user. */
export const sessionOwner = (key: string): SessionOwner => ({
  type: 'session',
  key,
  id: idOf('session', key),
})
