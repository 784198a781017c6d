/** @jsxImportSource solid-js */
import { isInteractionRequired } from '@carnet/browser'
import { RequireAccount, SignedIn, SignedOut, useApi, useAuth, useToken } from '@carnet/solid'
import { useLocation } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { report } from './auth.ts'

/** A rejection is in `error` of the session. */
const handled = (call?: Promise<unknown>) => void call?.catch(() => undefined)

export function Home() {
  const session = useAuth()
  const popup = (prompt?: string) =>
    handled(session.client?.signIn({ interaction: 'popup', prompt }))
  return (
    <>
      <SignedOut>
        <button onClick={() => handled(session.client?.signIn())}>Sign in</button>
        <button onClick={() => popup()}>Sign in with a popup</button>
      </SignedOut>
      <SignedIn>
        {(account) => (
          <>
            <p>Signed in as {account().username}</p>
            <button onClick={() => handled(session.client?.signOut())}>Sign out</button>
            <button onClick={() => popup('select_account')}>Add an account</button>
            <For each={session.accounts}>
              {(one) => (
                <button onClick={() => session.client?.setActiveAccount(one)}>
                  Use {one.username}
                </button>
              )}
            </For>
          </>
        )}
      </SignedIn>
    </>
  )
}

export function Profile() {
  const location = useLocation()
  return (
    <RequireAccount>
      {(account) => (
        <p>
          Profile of {account().username} {location.search}
        </p>
      )}
    </RequireAccount>
  )
}

export function Token() {
  const session = useAuth()
  const { query } = useLocation()
  const token = useToken(() => ({ scopes: [`${query.scope ?? 'calendar.read'}`] }))
  const asked = () => isInteractionRequired(token.error) && token.error.request
  return (
    <Show
      when={asked()}
      fallback={
        <Show when={token()}>{(one) => <p>Token until {one().expiresOn.toISOString()}</p>}</Show>
      }
    >
      {(request) => (
        <button onClick={() => handled(session.client?.acquireTokenPopup(request()))}>Allow</button>
      )}
    </Show>
  )
}

export function Report() {
  const [isShown, show] = createSignal(false)
  return (
    <>
      <button onClick={() => show(!isShown())}>{isShown() ? 'Hide' : 'Show'} the report</button>
      <Show when={isShown()}>
        <ShownReport />
      </Show>
    </>
  )
}

function ShownReport() {
  const [result, setResult] = createSignal('')
  useApi()(report).then(
    ({ status }) => setResult(`${status}`),
    ({ code, name }) => setResult(code ?? name),
  )
  return <Show when={result()}>{(text) => <p>Report: {text()}</p>}</Show>
}
