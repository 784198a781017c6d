import type { Account, AuthError } from '@carnet/core/base'
import type { UserChallenge } from './resource-calls.ts'

/** The session of the page at one moment. It is frozen, and the same object until something in it changes. */
export interface Snapshot {
  /**
   * `signedIn` while an account is active. A client never has the status `unknown`: a page can use it while
   * `createAuthClient` is pending, before the cache is read.
   */
  readonly status: 'unknown' | 'signedOut' | 'signedIn'
  /** The active account. */
  readonly account: Account | null
  /** All accounts that are signed in. The same array as `auth.accounts`. */
  readonly accounts: readonly Account[]
  /** The running interaction. */
  readonly interaction: 'redirect' | 'popup' | null
  /** The error that ended the last interaction; `null` again when the next interaction starts. */
  readonly error: AuthError | null
  /**
   * The oldest challenge that waits for the user, with the option `onChallenge: 'snapshot'`; otherwise `null`. Show a dialog, and
   * call `challenge.resolve('popup')` in the handler of its button, or `challenge.refuse()`.
   */
  readonly challenge: UserChallenge | null
}

/** The part of a snapshot without the accounts. */
export type InteractionState = Pick<Snapshot, 'interaction' | 'error' | 'challenge'>
