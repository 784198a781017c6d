import type { Account, AccountList, AuthError } from '@carnet/core/base'

/** The session of the page at one moment. It is frozen, and the same object until something in it changes. */
export interface Snapshot {
  /** `unknown` until the cache was read, `signedIn` while an account is active. */
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

export interface Snapshots {
  read(): Snapshot
  /** Records that an interaction started or ended. A start forgets the error of the last interaction. */
  note(name: 'interactionStarted' | 'interactionEnded', interaction: 'redirect' | 'popup'): void
  /** Records the error of an interaction. */
  fail(error: AuthError | null): void
}

/** Makes the snapshots of a client whose accounts were read. */
export function createSnapshots(accounts: Pick<AccountList, 'list' | 'active'>): Snapshots {
  const running: ('redirect' | 'popup')[] = []
  let error: AuthError | null = null
  let last: Snapshot | undefined

  return {
    read() {
      const account = accounts.active() ?? null
      const next: Snapshot = {
        status: account ? 'signedIn' : 'signedOut',
        account,
        accounts: accounts.list(),
        interaction: running.at(-1) ?? null,
        error,
      }
      if (
        last?.account === next.account &&
        last.accounts === next.accounts &&
        last.interaction === next.interaction &&
        last.error === next.error
      )
        return last
      last = Object.freeze(next)
      return last
    },
    note(name, interaction) {
      if (name === 'interactionStarted') {
        running.push(interaction)
        error = null
      } else if (running.includes(interaction)) running.splice(running.lastIndexOf(interaction), 1)
    },
    fail(reason) {
      error = reason
    },
  }
}
