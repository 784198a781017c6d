import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, boundFetch, findAccount } from '@carnet/browser/component'
import type { Snapshot } from '@carnet/browser/snapshot'
import { type ComputedRef, computed, type MaybeRefOrGetter, onScopeDispose, toValue } from 'vue'
import { injected } from './plugin.ts'
import { useSnapshot } from './use-snapshot.ts'

/** The fields of the snapshot as refs: each changes with its own value only. */
export type AuthRefs = { readonly [Name in keyof Snapshot]: ComputedRef<Snapshot[Name]> } & {
  /** The client; `undefined` until it has started, and on a server. */
  readonly client: ComputedRef<AuthClient | undefined>
}

/** Returns the session of the page. On a server and during hydration its status is `unknown`. */
export function useAuth(): AuthRefs {
  const { source } = injected()
  const snapshot = useSnapshot()
  const field = <Name extends keyof Snapshot>(name: Name) => computed(() => snapshot.value[name])
  return {
    status: field('status'),
    account: field('account'),
    accounts: field('accounts'),
    interaction: field('interaction'),
    challenge: field('challenge'),
    error: field('error'),
    client: computed(() => (snapshot.value.status === 'unknown' ? undefined : source.client)),
  }
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
  const snapshot = useSnapshot()
  return computed(() => snapshot.value.challenge)
}

/** Returns `auth.fetch`. Its calls are aborted when the component, or the effect scope, ends. */
export function useApi(): AuthClient['fetch'] {
  const ending = new AbortController()
  onScopeDispose(() => ending.abort())
  return boundFetch(injected().client, ending.signal)
}
