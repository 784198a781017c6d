import type { Account } from '@carnet/browser'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import {
  type Accessor,
  createEffect,
  createMemo,
  type JSX,
  onCleanup,
  type ParentProps,
  untrack,
} from 'solid-js'
import { provided } from './context.ts'
import { useAuth } from './use-auth.ts'

/** Content that needs an account. A function gets the account as a signal. */
export interface AccountProps {
  readonly children?: JSX.Element | ((account: Accessor<Account>) => JSX.Element)
  /** The content without an account. */
  readonly fallback?: JSX.Element
}

/** Shows its content while an account is active. */
export function SignedIn(props: AccountProps): JSX.Element {
  const auth = useAuth()
  let last: Account | null = null
  const account = () => {
    // An effect of the content may run once more before the content is removed.
    last = auth.account ?? last
    return last as Account
  }
  return shown(
    () => auth.account !== null,
    () => {
      const { children } = props
      // `Show`, `Suspense` and others return a signal, which is a function without parameters.
      return typeof children === 'function' && children.length > 0
        ? untrack(() => children(account))
        : (children as JSX.Element)
    },
    () => props.fallback,
  )
}

/** Shows its content while no account is active; nothing while the session is unknown. */
export function SignedOut(props: ParentProps): JSX.Element {
  const auth = useAuth()
  return shown(
    () => auth.status === 'signedOut',
    () => props.children,
    () => null,
  )
}

/** Creates one of two contents, anew when the condition changes. */
function shown(
  condition: () => boolean,
  content: () => JSX.Element,
  fallback: () => JSX.Element,
): JSX.Element {
  const isShown = createMemo(condition)
  // Solid renders functions, but its type of elements does not say so.
  return createMemo(() => (isShown() ? content() : fallback())) as unknown as JSX.Element
}

/**
 * Shows its content while an account is active. Without an account it shows `fallback`, and starts one sign-in. If the sign-in
 * fails, `error` of the snapshot is the reason.
 */
export function RequireAccount(props: AccountProps & GuardOptions): JSX.Element {
  const { client } = provided()
  const auth = useAuth()
  createEffect(() => {
    if (auth.status !== 'signedOut' || props.interaction === 'none') return
    // A router changes the URL after it has rendered the page. The snapshot has the error.
    const signIn = () => requireAccount(client, props)().catch(() => undefined)
    const soon = setTimeout(signIn)
    onCleanup(() => clearTimeout(soon))
  })
  return SignedIn(props)
}
