import { isAuthError, isInteractionRequired } from '@carnet/browser'
import { RequireAccount, useAccount, useApi, useAuth, useChallenge, useToken } from '@carnet/react'
import { Profiler, useEffect, useState } from 'react'
import { Link, useLocation, useNavigate, useRouteError } from 'react-router'
import * as example from '../../../examples/react-app/pages.tsx'
import { count } from './renders.ts'

/** The shell of the example, with all accounts, the query of the URL and a link more. */
export function MorePages() {
  return (
    <>
      <Profiler id="Nav" onRender={count}>
        <Nav />
      </Profiler>
      <example.Shell />
    </>
  )
}

/** Reads the whole session, but no token. */
function Nav() {
  const { client, accounts } = useAuth()
  const isSignedIn = useAccount() !== null
  useChallenge()
  const add = () => client?.signIn({ interaction: 'popup', prompt: 'select_account' })
  return (
    <nav>
      <Link to="/report">Report</Link>
      <p>{useLocation().search}</p>
      {isSignedIn && (
        <button type="button" onClick={() => void add()}>
          Add an account
        </button>
      )}
      {accounts.map((one) => (
        <button key={one.id} type="button" onClick={() => void client?.setActiveAccount(one)}>
          {`Use ${one.username}`}
        </button>
      ))}
    </nav>
  )
}

function OtherToken({ scope }: { scope: string }) {
  return <p>{`Token until ${useToken({ scopes: [scope] }).expiresOn.toISOString()}`}</p>
}

export function Token() {
  const scope = new URLSearchParams(useLocation().search).get('scope')
  return (
    <Profiler id="Token" onRender={count}>
      {scope ? <OtherToken scope={scope} /> : <example.Token />}
    </Profiler>
  )
}

/** A page with a component as its guard. */
export function Required() {
  return (
    <RequireAccount fallback={<p>Loading</p>}>
      <p>Only for users</p>
    </RequireAccount>
  )
}

/** Asks the user if a token needs the user, and shows any other error. */
export function Failure() {
  const error = useRouteError()
  const { client } = useAuth()
  const [navigate, location] = [useNavigate(), useLocation()]
  if (!isInteractionRequired(error))
    return <p role="alert">{isAuthError(error) ? error.code : `${error}`}</p>
  const retry = () => navigate(location, { replace: true })
  const allow = () => client?.acquireTokenPopup(error.request).then(retry)
  return (
    <button type="button" onClick={() => void allow()}>
      Allow
    </button>
  )
}

export function Report() {
  const [isShown, setShown] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setShown(!isShown)}>
        {isShown ? 'Hide the report' : 'Show the report'}
      </button>
      {isShown && <Answer />}
    </>
  )
}

const { authority } = document.documentElement.dataset

function Answer() {
  const api = useApi()
  const [text, setText] = useState('')
  useEffect(() => {
    api(`${authority}/api/step-up`).then(
      ({ status }) => setText(`${status}`),
      ({ code }) => setText(code),
    )
  }, [api])
  return <p>{`Report: ${text}`}</p>
}
