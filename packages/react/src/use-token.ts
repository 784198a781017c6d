'use client'
import type { AuthenticationResult, SilentRequest } from '@carnet/browser'
import { AuthError } from '@carnet/browser'
import * as React from 'react'
import { useSource } from './auth-provider.ts'
import { tokensOf } from './tokens.ts'
import { useSelected } from './use-selected.ts'

/** `use` of React 19. A computed name, because bundlers warn of a name that React 18 does not export. */
const use = (React as unknown as Record<string, unknown>)[' use '.trim()] as
  | (<T>(promise: Promise<T>) => T)
  | undefined

/**
 * A token, from the cache if possible. The component suspends until it is there, and renders again when it is renewed. Use it below
 * `<SignedIn>` and a Suspense boundary.
 *
 * @throws InteractionRequiredError to the error boundary, if the user is needed: pass its `request` to `acquireTokenPopup`, then
 * reset the boundary. Other errors of `acquireTokenSilent` too.
 */
export function useToken(request: Omit<SilentRequest, 'signal'>): AuthenticationResult {
  const source = useSource()
  const account = useSelected((snapshot) => request.account ?? snapshot.account)
  const entry = source.client && tokensOf(source.client).entryFor(request, account)
  const { result, error } = React.useSyncExternalStore(
    entry?.subscribe ?? never,
    entry?.state ?? pending,
    pending,
  )
  if (!globalThis.document)
    throw new AuthError(
      'unsupported_environment',
      'useToken works in pages only, below <SignedIn>.',
    )
  const answered: Promise<unknown> = entry?.settled ?? source.ready
  // React 19 wants the call also after the answer. It may continue with the promise of its last attempt, the start of the client.
  use?.(answered)
  if (result) return result
  if (error) throw error
  throw answered
}

const never = () => () => undefined
const PENDING = {}
const pending = (): { result?: AuthenticationResult; error?: unknown } => PENDING
