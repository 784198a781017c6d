import { otherOwnerId } from '../records/keys/record-keys.ts'
import type { AppOwner, AssertionOwner, SessionOwner } from './token-owner.ts'

/** The owner of tokens for the app itself. */
export const appOwner = (clientId: string, tenant: string): AppOwner => ({
  type: 'app',
  clientId,
  tenant,
  id: otherOwnerId('app', clientId, tenant),
})

/**
 * The owner of tokens for the user of an assertion.
 *
 * @param sha256 The SHA-256 of the assertion, as hex or base64url.
 */
export const assertionOwner = (sha256: string): AssertionOwner => ({
  type: 'assertion',
  sha256,
  id: otherOwnerId('assertion', sha256),
})

/** The owner of tokens for a job that continues without its user. */
export const sessionOwner = (key: string): SessionOwner => ({
  type: 'session',
  key,
  id: otherOwnerId('session', key),
})
