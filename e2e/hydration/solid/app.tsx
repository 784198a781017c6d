/** @jsxImportSource solid-js */
import type { ClientInput } from '@carnet/browser/snapshot'
import { AuthProvider, RequireAccount, SignedIn, SignedOut, useAuth } from '@carnet/solid'

function Status() {
  const auth = useAuth()
  return (
    <p>
      {auth.status}, {auth.client ? 'client' : 'no client'}
    </p>
  )
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
    </main>
  </AuthProvider>
)
