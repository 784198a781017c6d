import type { AccountList } from '@carnet/core/base'
import type { InteractionState, Snapshot } from '../api/snapshot.ts'

export interface Snapshots {
  read(): Snapshot
  /** Changes the interaction state of the next snapshot. */
  note(change: Partial<InteractionState>): void
  /** Emits `changed`. */
  publish(): void
}

/**
 * Creates the snapshots of a client, after its accounts were read.
 *
 * @param emit Emits the event `changed`.
 */
export function createSnapshots(
  accounts: Pick<AccountList, 'list' | 'active'>,
  emit: (snapshot: Snapshot) => void,
): Snapshots {
  let state: InteractionState = { interaction: null, error: null, challenge: null }
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
