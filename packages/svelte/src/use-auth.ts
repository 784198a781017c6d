import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, boundFetch, findAccount } from '@carnet/browser/component'
import { createSource, type Snapshot } from '@carnet/browser/snapshot'
import { onDestroy } from 'svelte'
import { providedClient } from './context.ts'
import { snapshotReader } from './reactive.ts'

/** The snapshot with the client. Read the fields where they are used: a destructured field does not change. */
export interface Auth extends Snapshot {
  /** The client; `undefined` until it has started, and on a server. */
  readonly client: AuthClient | undefined
}

/** A value that changes. */
export interface Current<T> {
  readonly current: T
}

/** Returns the session of the page. On a server its status is `unknown`. */
export function useAuth(): Auth {
  const given = providedClient()
  const source = createSource(given)
  const read = snapshotReader(given)
  return {
    get status() {
      return read().status
    },
    get account() {
      return read().account
    },
    get accounts() {
      return read().accounts
    },
    get interaction() {
      return read().interaction
    },
    get challenge() {
      return read().challenge
    },
    get error() {
      return read().error
    },
    get client() {
      return read() && source.client
    },
  }
}

/**
 * Returns an account that is signed in, or `null`, as `current`.
 *
 * @param where The fields that the account must have, for example `{ tenantId }`. Default: the active account.
 */
export function useAccount(where?: AccountFilter): Current<Account | null> {
  const read = snapshotReader(providedClient())
  return {
    get current() {
      return findAccount(read(), where)
    },
  }
}

/**
 * Returns the challenge of an API that waits for the user, as `current`, for the dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`; otherwise it is always `null`.
 */
export function useChallenge(): Current<UserChallenge | null> {
  const read = snapshotReader(providedClient())
  return {
    get current() {
      return read().challenge
    },
  }
}

/** Returns `auth.fetch`. Its calls are aborted when the component is destroyed. */
export function useApi(): AuthClient['fetch'] {
  const ending = new AbortController()
  onDestroy(() => ending.abort())
  return boundFetch(providedClient(), ending.signal)
}
