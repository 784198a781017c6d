import type { Account, AccountList, AuthError } from '@carnet/core/base'

/** The session of the page at one moment. It is frozen, and the same object until something in it changes. */
export interface Snapshot {
  /**
   * `signedIn` while an account is active. No client has the status `unknown`: a page shows it while `createAuthClient`
   * is pending, because the cache was not read yet.
   */
  readonly status: 'unknown' | 'signedOut' | 'signedIn'
  /** The active account. */
  readonly account: Account | null
  /** All accounts that are signed in. The same array as `auth.accounts`. */
  readonly accounts: readonly Account[]
  /** The interaction that asks the user now. */
  readonly interaction: 'redirect' | 'popup' | null
  /** The error that ended the last interaction; `null` again when the next interaction starts. */
  readonly error: AuthError | null
}

/** The part of a snapshot beyond the accounts. */
export type InteractionState = Pick<Snapshot, 'interaction' | 'error'>

export interface Snapshots {
  read(): Snapshot
  /** Changes what the next snapshot says of interactions. */
  note(change: Partial<InteractionState>): void
  /** Emits `changed`. */
  publish(): void
}

/**
 * Makes the snapshots of a client whose accounts were read.
 *
 * @param emit Emits the event `changed`.
 */
export function createSnapshots(
  accounts: Pick<AccountList, 'list' | 'active'>,
  emit: (snapshot: Snapshot) => void,
): Snapshots {
  let state: InteractionState = { interaction: null, error: null }
  let last: Snapshot | undefined

  function read(): Snapshot {
    const account = accounts.active() ?? null
    const status = account ? 'signedIn' : 'signedOut'
    const next: Snapshot = { status, account, accounts: accounts.list(), ...state }
    const names = Object.keys(next) as (keyof Snapshot)[]
    if (!last || names.some((name) => last?.[name] !== next[name])) last = Object.freeze(next)
    return last
  }

  return {
    read,
    note(change) {
      state = { ...state, ...change }
    },
    publish: () => emit(read()),
  }
}
