import { SignedIn, SignedOut } from '@carnet/react'
import { Name, SignIn } from './session'

export default function Page() {
  return (
    <>
      <SignedOut>
        <SignIn />
      </SignedOut>
      <SignedIn>
        Signed in as <Name />
      </SignedIn>
    </>
  )
}
