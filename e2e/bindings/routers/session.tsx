import { useAuth } from '@carnet/react'

/** The session, besides the name that the context of the router holds. */
export function Session({ inRouter, go }: { inRouter: string; go: (path: string) => unknown }) {
  const { client, account, accounts, error } = useAuth()
  const popUp = (prompt?: string) => client?.signIn({ interaction: 'popup', prompt })
  const acts: [string, () => unknown][] = account
    ? [
        ['Sign out', () => client?.signOut()],
        ['Add an account', () => popUp('select_account')],
        ...accounts.map((one): [string, () => unknown] => [
          `Use ${one.username}`,
          () => client?.setActiveAccount(one),
        ]),
      ]
    : [
        ['Sign in', () => client?.signIn()],
        // The guard runs at once after the sign-in.
        ['Sign in and open the profile', () => popUp()?.then(() => go('/profile'))],
      ]
  return (
    <>
      {error && <p role="alert">{error.code}</p>}
      <p>{`Signed in as ${account?.username ?? 'nobody'}, router: ${inRouter}`}</p>
      {/* A click before the client has started would be lost. */}
      {client &&
        acts.map(([name, act]) => (
          <button key={name} type="button" onClick={() => void act()}>
            {name}
          </button>
        ))}
    </>
  )
}
