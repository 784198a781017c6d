'use client'
import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, findAccount } from '@carnet/browser/component'
import { type Snapshot, unknownSnapshot } from '@carnet/browser/snapshot'
import {
  startTransition,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore as useStore,
} from 'react'
import { useSource } from './auth-provider.ts'

/**
 * Reads a part of the snapshot, and renders the component again when this part is another value.
 *
 * At hydration the part is that of the server, and the first snapshot of the client follows in a transition: an update outside
 * of a transition would make React drop the server's HTML of the Suspense boundaries that are not hydrated yet.
 */
export function useSelected<T>(select: (snapshot: Snapshot) => T): T {
  const source = useSource()
  const wasHydrated = useRef(false)
  const [isLive, setLive] = useState(false)
  const current = () => (wasHydrated.current && !isLive ? unknownSnapshot : source.snapshot())
  const onServer = () => {
    wasHydrated.current = true // React calls this function on servers and at hydration only.
    return select(unknownSnapshot)
  }
  useEffect(() => {
    if (!wasHydrated.current) return
    const goLive = () => startTransition(() => setLive(true))
    source.ready.then(goLive, goLive)
  }, [source])
  return useStore(source.subscribe, () => select(current()), onServer)
}

/** The snapshot of the session with its client. The client is there as soon as the status is known. */
export type Auth =
  | (Snapshot & { status: 'unknown'; client: undefined })
  | (Snapshot & { status: 'signedOut'; client: AuthClient })
  | (Snapshot & { status: 'signedIn'; client: AuthClient; account: Account })

/**
 * The session and the client. The component renders again when the session changes, but not when a token is renewed. The status is
 * `unknown` on a server, at hydration, and until the accounts are read.
 */
export function useAuth(): Auth {
  const source = useSource()
  const snapshot = useSelected((current) => current)
  return useMemo(() => {
    const client = snapshot.status === 'unknown' ? undefined : source.client
    return { ...snapshot, client } as Auth
  }, [snapshot, source])
}

/**
 * An account, or `null`. The component renders again only when the account changes.
 *
 * @param where The fields of the account, for example its `tenantId`. Default: the active account.
 */
export function useAccount(where?: AccountFilter): Account | null {
  return useSelected((snapshot) => findAccount(snapshot, where))
}

/**
 * The oldest challenge of an API that waits for the user, or `null`: for the one dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`.
 */
export function useChallenge(): UserChallenge | null {
  return useSelected(({ challenge }) => challenge)
}
