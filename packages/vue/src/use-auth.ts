import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, boundFetch, findAccount } from '@carnet/browser/component'
import { createSource, type Snapshot, unknownSnapshot } from '@carnet/browser/snapshot'
import { type ComputedRef, computed, type MaybeRefOrGetter, onScopeDispose, toValue } from 'vue'
import { useIsHydrating } from './phases.ts'
import { injected } from './plugin.ts'

/** The fields of the snapshot as refs: each changes with its own value only. */
export type AuthRefs = { readonly [Name in keyof Snapshot]: ComputedRef<Snapshot[Name]> } & {
  /** The client; `undefined` until it has started, and on a server. */
  readonly client: ComputedRef<AuthClient | undefined>
}

/** Returns the session of the page. On a server and during hydration its status is `unknown`. */
export function useAuth(): AuthRefs {
  const source = createSource(injected().client)
  const snapshot = useSnapshot()
  const names = Object.keys(unknownSnapshot) as (keyof Snapshot)[]
  return {
    ...Object.fromEntries(names.map((name) => [name, computed(() => snapshot.value[name])])),
    client: computed(() => (snapshot.value === unknownSnapshot ? undefined : source.client)),
  } as AuthRefs
}

/**
 * Returns an account that is signed in, or `null`.
 *
 * @param where The fields that the account must have, for example `{ tenantId }`. Default: the active account.
 */
export function useAccount(where?: MaybeRefOrGetter<AccountFilter>): ComputedRef<Account | null> {
  const snapshot = useSnapshot()
  return computed(() => findAccount(snapshot.value, toValue(where)))
}

/**
 * Returns the challenge of an API that waits for the user, for the dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`; otherwise it is always `null`.
 */
export function useChallenge(): ComputedRef<UserChallenge | null> {
  return useAuth().challenge
}

/** Returns `auth.fetch`. Its calls are aborted when the component, the store, or the effect scope ends. */
export function useApi(): AuthClient['fetch'] {
  const ending = new AbortController()
  onScopeDispose(() => ending.abort())
  return boundFetch(injected().client, ending.signal)
}

/** The snapshot of the client; during hydration, the snapshot of the server. */
function useSnapshot(): ComputedRef<Snapshot> {
  const { snapshot } = injected()
  const isHydrating = useIsHydrating()
  return computed(() => (isHydrating.value ? unknownSnapshot : snapshot.value))
}
