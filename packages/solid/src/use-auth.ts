import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import {
  type AccountFilter,
  boundFetch,
  createSession,
  findAccount,
  type Session,
} from '@carnet/browser/component'
import { type Snapshot, unknownSnapshot } from '@carnet/browser/snapshot'
import { type Accessor, createMemo, createSignal, onCleanup, onMount, sharedConfig } from 'solid-js'
import { isServer } from 'solid-js/web'
import { provided } from './context.ts'

/**
 * Returns the snapshot of the session with its client. On a server and during hydration its status is `unknown`. Read the fields
 * where they are used: a destructured field does not change.
 */
export function useAuth(): Session {
  return createSession(provided().source, useSnapshot(), createMemo)
}

/**
 * Returns an account that is signed in, or `null`.
 *
 * @param where Returns the fields that the account must have, for example `{ tenantId }`. Default: the active account.
 */
export function useAccount(where?: Accessor<AccountFilter>): Accessor<Account | null> {
  const snapshot = useSnapshot()
  return createMemo(() => findAccount(snapshot(), where?.()))
}

/**
 * Returns the challenge of an API that waits for the user, for the dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`; otherwise it is always `null`.
 */
export function useChallenge(): Accessor<UserChallenge | null> {
  const snapshot = useSnapshot()
  return createMemo(() => snapshot().challenge)
}

/** Returns `auth.fetch`. Its calls are aborted when the component, or the reactive scope, ends. */
export function useApi(): AuthClient['fetch'] {
  const ending = new AbortController()
  onCleanup(() => ending.abort())
  return boundFetch(provided().client, ending.signal)
}

/** The snapshot of the client as a signal. It follows the client until the component, or the reactive scope, ends. */
export function useSnapshot(): Accessor<Snapshot> {
  const { source } = provided()
  const [snapshot, setSnapshot] = createSignal(
    sharedConfig.context ? unknownSnapshot : source.snapshot(),
  )
  if (isServer) return snapshot
  const update = () => setSnapshot(source.snapshot())
  const follow = () => onCleanup(source.subscribe(update))
  // Solid mounts a hydrated page when all of its boundaries are hydrated. A change before would remove their content.
  if (sharedConfig.context) onMount(follow)
  else follow()
  onMount(update)
  return snapshot
}
