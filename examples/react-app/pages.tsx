import { useAccount, useApi, useAuth, useToken } from '@carnet/react'
import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'
import { report } from './auth.ts'

export function Button({ name, act }: { name: string; act: () => unknown }) {
  const click = () => void Promise.resolve(act()).catch(() => undefined) // The snapshot has the error.
  return <button type="button" onClick={click}>{`${name}`}</button>
}

export function Home() {
  const { client, account, accounts } = useAuth()
  const popUp = (prompt?: string) => () => client?.signIn({ interaction: 'popup', prompt })
  return account ? (
    <>
      <p>{`Signed in as ${account.username}`}</p>
      <Button name="Sign out" act={() => client?.signOut()} />
      <Button name="Add an account" act={popUp('select_account')} />
      {accounts.map((one) => (
        <Button
          key={one.id}
          name={`Use ${one.username}`}
          act={() => client?.setActiveAccount(one)}
        />
      ))}
    </>
  ) : (
    <>
      <Button name="Sign in" act={() => client?.signIn()} />
      <Button name="Sign in with a popup" act={popUp()} />
    </>
  )
}

export function Profile() {
  return <p>{`Profile of ${useAccount()?.username} ${useLocation().search}`}</p>
}

export function Token() {
  const scope = new URLSearchParams(useLocation().search).get('scope') ?? 'calendar.read'
  return <p>{`Token until ${useToken({ scopes: [scope] }).expiresOn.toISOString()}`}</p>
}

export function Report() {
  const [isShown, setShown] = useState(false)
  const name = isShown ? 'Hide the report' : 'Show the report'
  return (
    <>
      <Button name={name} act={() => setShown(!isShown)} />
      {isShown && <Answer />}
    </>
  )
}

function Answer() {
  const api = useApi()
  const [text, setText] = useState('')
  useEffect(() => {
    api(report).then(
      ({ status }) => setText(`${status}`),
      ({ code }) => setText(code),
    )
  }, [api])
  return <p>{`Report: ${text}`}</p>
}
