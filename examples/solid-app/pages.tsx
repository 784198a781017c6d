/** @jsxImportSource solid-js */
import { RequireAccount, SignedIn, SignedOut, useAuth, useToken } from '@carnet/solid'
import { A } from '@solidjs/router'
import { ErrorBoundary, type ParentProps, Show, Suspense } from 'solid-js'

/** If the call fails, the session has the error. */
const start = (call?: Promise<unknown>) => void call?.catch(() => undefined)

export function Shell(props: ParentProps) {
  const auth = useAuth()
  const byPopup = { interaction: 'popup' } as const
  return (
    <>
      <A href="/">Home</A> <A href="/profile">Profile</A> <A href="/token">Token</A>
      <SignedIn>
        <p>Signed in as {auth.account?.username}</p>
        <button onClick={() => start(auth.client?.signOut())}>Sign out</button>
      </SignedIn>
      <SignedOut>
        <button onClick={() => start(auth.client?.signIn())}>Sign in</button>
        <button onClick={() => start(auth.client?.signIn(byPopup))}>Sign in with a popup</button>
      </SignedOut>
      <Show when={auth.error}>{(error) => <p role="alert">{error().code}</p>}</Show>
      <dialog open={auth.challenge !== null}>
        <button onClick={() => auth.challenge?.resolve('popup')}>Confirm</button>
        <button onClick={() => auth.challenge?.refuse()}>Refuse</button>
      </dialog>
      <ErrorBoundary fallback={(error) => <p role="alert">{error.code}</p>}>
        <Suspense fallback="Loading">{props.children}</Suspense>
      </ErrorBoundary>
    </>
  )
}

const Profile = () => (
  <RequireAccount>{(account) => <p>Profile of {account().username}</p>}</RequireAccount>
)

export function Token() {
  const token = useToken(() => ({ scopes: ['calendar.read'] }))
  return <p>Token until {token()?.expiresOn.toISOString()}</p>
}

export const pages = [
  { path: '/profile', component: Profile },
  { path: '/token', component: Token },
]
