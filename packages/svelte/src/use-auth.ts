import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import {
  type AccountFilter,
  boundFetch,
  createSession,
  findAccount,
  type Session,
} from '@carnet/browser/component'
import { onDestroy } from 'svelte'
import { provided } from './context.ts'
import { type Current, currentOf, type MaybeGetter } from './reactive.ts'

/**
 * Returns the snapshot of the session with its client. On a server its status is `unknown`. Read the fields where they are used: a
 * destructured field does not change.
 */
export function useAuth(): Session {
  const { source, read } = provided()
  return createSession(source, read)
}

/**
 * Returns an account that is signed in, or `null`, as `current`.
 *
 * @param where The fields that the account must have, for example `{ tenantId }`. Default: the active account.
 */
export function useAccount(where?: MaybeGetter<AccountFilter>): Current<Account | null> {
  const { read } = provided()
  return currentOf(() => findAccount(read(), typeof where === 'function' ? where() : where))
}

/**
 * Returns the challenge of an API that waits for the user, as `current`, for the dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`; otherwise it is always `null`.
 */
export function useChallenge(): Current<UserChallenge | null> {
  const { read } = provided()
  return currentOf(() => read().challenge)
}

/** Returns `auth.fetch`. Its calls are aborted when the component is destroyed. */
export function useApi(): AuthClient['fetch'] {
  const ending = new AbortController()
  onDestroy(() => ending.abort())
  return boundFetch(provided().client, ending.signal)
}
