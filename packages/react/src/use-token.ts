'use client'
import { AuthError, type AuthenticationResult } from '@carnet/browser'
import { sharedToken, type TokenState, type WatchedToken } from '@carnet/browser/component'
import * as React from 'react'
import { useSource } from './auth-provider.ts'
import { useSelected } from './use-session.ts'

/** `use` of React 19. A computed name, because bundlers warn of a name that React 18 does not export. */
const use: undefined | ((promise: Promise<unknown>) => unknown) = Object(React)[' use '.trim()]

const none: TokenState = {}
const pending = { state: () => none, subscribe: () => () => undefined }

/**
 * A token, from the cache if possible. The component suspends until it is there, and renders again when it is renewed. Use it below
 * `<SignedIn>` and a Suspense boundary.
 *
 * @throws InteractionRequiredError to the error boundary, if the user is needed: pass its `request` to `acquireTokenPopup`, then
 * reset the boundary. Other errors of `acquireTokenSilent` too. A boundary that is reset asks for the token again.
 */
export function useToken(request: WatchedToken): AuthenticationResult {
  const { client, ready, snapshot } = useSource()
  const account = useSelected((snapshot) => request.account ?? snapshot.account)
  const shared = client && sharedToken(client, account ? { ...request, account } : request)
  const { state, subscribe } = shared ?? pending
  const { token, error } = React.useSyncExternalStore(subscribe, state, pending.state)
  // React 18 would render for ever if the promise of the client rejects.
  const failure = client ? null : snapshot().error
  if (failure) throw failure
  if (!globalThis.document)
    throw new AuthError('unsupported_environment', 'useToken works in a page, below <SignedIn>.')
  const answered: Promise<unknown> = shared?.settled ?? ready
  // React reads an answer with this field at once, without a wait.
  if (token ?? error) Object.assign(answered, { status: 'fulfilled' })
  // React 19 wants the call also after the answer. It may continue with the promise of its last attempt, the start of the client.
  use?.(answered)
  shared?.read()
  if (token) return token
  throw answered
}
