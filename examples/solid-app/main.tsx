/** @jsxImportSource solid-js */
import { AuthProvider, useAuth, useChallenge } from '@carnet/solid'
import { A, Route, Router, useLocation } from '@solidjs/router'
import { createEffect, ErrorBoundary, on, type ParentProps, Show } from 'solid-js'
import { render } from 'solid-js/web'
import { auth } from './auth.ts'
import { Home, Profile, Report, Token } from './pages.tsx'

function App(props: ParentProps) {
  const session = useAuth()
  const challenge = useChallenge()
  const location = useLocation()
  return (
    <>
      <nav>
        <A href="/">Home</A> <A href="/profile">Profile</A>
        <A href="/token">Token</A> <A href="/report">Report</A>
      </nav>
      <Show when={session.error}>{(error) => <p role="alert">{error().code}</p>}</Show>
      <Show when={challenge()}>
        {(asked) => (
          <dialog open>
            <button onClick={() => asked().resolve('popup')}>Confirm</button>
            <button onClick={() => asked().refuse()}>Refuse</button>
          </dialog>
        )}
      </Show>
      <Show when={session.status !== 'unknown'} fallback={<p>Loading</p>}>
        <ErrorBoundary
          fallback={(error, reset) => {
            createEffect(on(() => location.pathname, reset, { defer: true }))
            return <p role="alert">{error.code}</p>
          }}
        >
          {props.children}
        </ErrorBoundary>
      </Show>
    </>
  )
}

const routes = () => (
  <Router root={App}>
    <Route path="/" component={Home} />
    <Route path="/profile" component={Profile} />
    <Route path="/token" component={Token} />
    <Route path="/report" component={Report} />
  </Router>
)
Object.assign(window, { auth })
for (const element of document.querySelectorAll('.app'))
  render(() => <AuthProvider client={auth}>{routes()}</AuthProvider>, element)
