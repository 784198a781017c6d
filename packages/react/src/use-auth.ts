'use client'
import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, findAccount } from '@carnet/browser/component'
import type { Snapshot } from '@carnet/browser/snapshot'
import { useMemo } from 'react'
import { useSource } from './auth-provider.ts'
import { useSelected } from './use-selected.ts'

/** The snapshot of the session with its client. The client is there as soon as the status is known. */
export type Auth =
  | (Snapshot & { readonly status: 'unknown'; readonly client: undefined })
  | (Snapshot & { readonly status: 'signedOut'; readonly client: AuthClient })
  | (Snapshot & {
      readonly status: 'signedIn'
      readonly account: Account
      readonly client: AuthClient
    })

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
