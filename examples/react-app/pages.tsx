import { SignedIn, SignedOut, useAccount, useAuth, useToken } from '@carnet/react'
import { Suspense } from 'react'
import { Link, useOutlet, useRouteError } from 'react-router'

/** A button with an action. If the action fails, the session has the error. */
const Button = ({ name, act }: { name: string; act: () => Promise<unknown> | undefined }) => (
  <button onClick={() => act()?.catch(() => undefined)}>{name}</button>
)

export function Shell() {
  const { client, account, challenge, error } = useAuth()
  return (
    <>
      <Link to="/">Home</Link> <Link to="/profile">Profile</Link> <Link to="/token">Token</Link>
      <SignedIn>
        <p>Signed in as {account?.username}</p>
        <Button name="Sign out" act={() => client?.signOut()} />
      </SignedIn>
      <SignedOut>
        <Button name="Sign in" act={() => client?.signIn()} />
        <Button name="Sign in with a popup" act={() => client?.signIn({ interaction: 'popup' })} />
      </SignedOut>
      {error && <p role="alert">{error.code}</p>}
      <dialog open={challenge !== null}>
        <Button name="Confirm" act={() => challenge?.resolve('popup')} />
        <Button name="Refuse" act={async () => challenge?.refuse()} />
      </dialog>
      <Suspense fallback="Loading">{useOutlet()}</Suspense>
    </>
  )
}

export const Profile = () => <p>Profile of {useAccount()?.username}</p>

const request = { scopes: ['calendar.read'] }
export const Token = () => <p>Token until {useToken(request).expiresOn.toISOString()}</p>

export const Failure = () => <p role="alert">{`${useRouteError()}`}</p>
