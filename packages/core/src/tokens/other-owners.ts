import { escapeKey } from '../accounts/account.ts'
import type { AppOwner, AssertionOwner, SessionOwner } from './token-owner.ts'

/**
 * The key of an owner that is no user. It begins with a `%` and a word, which no `accountKey` does: there, `25` or `7C`
 * follows each `%`.
 */
const idOf = (type: string, ...ids: readonly string[]): string =>
  [`%${type}`, ...ids.map(escapeKey)].join('|')

export const appOwner = (clientId: string, tenant: string): AppOwner => ({
  type: 'app',
  clientId,
  tenant,
  id: idOf('app', clientId, tenant),
})

/** @param sha256 The SHA-256 of the token that was presented, as hex or base64url. */
export const assertionOwner = (sha256: string): AssertionOwner => ({
  type: 'assertion',
  sha256,
  id: idOf('assertion', sha256),
})

export const sessionOwner = (key: string): SessionOwner => ({
  type: 'session',
  key,
  id: idOf('session', key),
})
