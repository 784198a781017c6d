/** @jsxImportSource solid-js */
import { isInteractionRequired } from '@carnet/browser'
import { SignedIn, useApi, useAuth, useToken } from '@carnet/solid'
import { A, type RouteSectionProps, useLocation } from '@solidjs/router'
import { createResource, createSignal, ErrorBoundary, For, Show, Suspense } from 'solid-js'
import { Token as ExampleToken, Shell } from '../../../examples/solid-app/pages.tsx'

/** The shell of the example, with all accounts, the query of the URL and a link more. */
export function MorePages(props: RouteSectionProps) {
  const session = useAuth()
  const add = () => session.client?.signIn({ interaction: 'popup', prompt: 'select_account' })
  return (
    <>
      <nav>
        <A href="/report">Report</A> {props.location.search}
        <SignedIn>
          <button onClick={() => void add()}>Add an account</button>
        </SignedIn>
        <For each={session.accounts}>
          {(one) => (
            <button onClick={() => session.client?.setActiveAccount(one)}>
              Use {one.username}
            </button>
          )}
        </For>
      </nav>
      <Shell>{props.children}</Shell>
    </>
  )
}

function Token() {
  const { query } = useLocation()
  return (
    <Show when={query.scope} fallback={<ExampleToken />} keyed>
      {(scope) => <OtherToken scope={`${scope}`} />}
    </Show>
  )
}

/** Asks the user if a token needs the user. Any other error goes to the boundary of the example. */
function OtherToken(props: { scope: string }) {
  const session = useAuth()
  const token = useToken(() => ({ scopes: [props.scope] }))
  const request = () => isInteractionRequired(token.error) && token.error.request
  return (
    <Show when={request()} fallback={<p>Token until {token()?.expiresOn.toISOString()}</p>}>
      {(wanted) => (
        <button onClick={() => void session.client?.acquireTokenPopup(wanted())}>Allow</button>
      )}
    </Show>
  )
}

function Report() {
  const [isShown, show] = createSignal(false)
  return (
    <>
      <button onClick={() => show(!isShown())}>{isShown() ? 'Hide' : 'Show'} the report</button>
      <Show when={isShown()}>
        <ErrorBoundary fallback={(error) => <p>Report: {error.code ?? error.name}</p>}>
          <Suspense>
            <Answer />
          </Suspense>
        </ErrorBoundary>
      </Show>
    </>
  )
}

const { authority } = document.documentElement.dataset

function Answer() {
  const api = useApi()
  const [answer] = createResource(() => api(`${authority}/api/step-up`))
  return <Show when={answer()}>{(response) => <p>Report: {response().status}</p>}</Show>
}

export const morePages = [
  { path: '/token', component: Token },
  { path: '/report', component: Report },
]
