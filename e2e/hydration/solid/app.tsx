/** @jsxImportSource solid-js */
import type { ClientInput } from '@carnet/browser/snapshot'
import { AuthProvider, RequireAccount, SignedIn, SignedOut, useAuth, useToken } from '@carnet/solid'
import { Suspense } from 'solid-js'

function Status() {
  const auth = useAuth()
  return (
    <p>
      {auth.status}, {auth.client ? 'client' : 'no client'}
    </p>
  )
}

function Token() {
  const token = useToken(() => ({ scopes: ['calendar.read'] }))
  return <p>{token.error?.code ?? (token() ? 'token' : 'no token')}</p>
}

export const Page = (props: { client: ClientInput }) => (
  <AuthProvider client={props.client}>
    <main>
      <Status />
      <SignedIn>
        <p>signed in</p>
      </SignedIn>
      <SignedOut>
        <p>signed out</p>
      </SignedOut>
      <RequireAccount interaction="none" fallback={<p>fallback</p>} />
      <Suspense fallback={<p>waits</p>}>
        <Token />
      </Suspense>
    </main>
  </AuthProvider>
)
