'use client'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import { type ReactNode, useEffect, useState } from 'react'
import { useSource } from './auth-provider.ts'
import { useSelected } from './use-session.ts'

const useStatus = () => useSelected(({ status }) => status)

/** Renders its children while an account is active. */
export function SignedIn({ children }: { readonly children?: ReactNode }): ReactNode {
  return useStatus() === 'signedIn' ? children : null
}

/** Renders its children while no account is active; nothing while the status is unknown. */
export function SignedOut({ children }: { readonly children?: ReactNode }): ReactNode {
  return useStatus() === 'signedOut' ? children : null
}

export interface RequireAccountProps extends GuardOptions {
  /** Shown while no account is active. Default: nothing. */
  readonly fallback?: ReactNode
  readonly children?: ReactNode
}

/**
 * Renders its children while an account is active, and otherwise starts one sign-in. The guard of a router is better: it starts the
 * sign-in before the page renders. A popup needs a click shortly before.
 *
 * @throws AuthError of the sign-in, to the error boundary; `InteractionRequiredError` with `interaction="none"`.
 */
export function RequireAccount(props: RequireAccountProps): ReactNode {
  const { ready } = useSource()
  const isSignedIn = useStatus() === 'signedIn'
  const [error, setError] = useState<unknown>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: The options of the moment count; new options start no second sign-in.
  useEffect(() => {
    if (isSignedIn) return
    let setFailure: typeof setError | undefined = setError
    requireAccount(ready, props)().catch((reason) => setFailure?.(reason))
    return () => {
      setFailure = undefined
      setError(undefined)
    }
  }, [ready, isSignedIn])
  if (isSignedIn) return props.children
  if (error) throw error
  return props.fallback
}
