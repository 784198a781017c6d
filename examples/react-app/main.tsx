import { isAuthError, isInteractionRequired } from '@carnet/browser'
import { bindRouter, requireAccount } from '@carnet/browser/guards'
import { AuthProvider, useAuth, useChallenge } from '@carnet/react'
import { Profiler, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import {
  createBrowserRouter,
  Link,
  Outlet,
  useLocation,
  useNavigate,
  useRouteError,
} from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { auth } from './auth.ts'
import { Button, Home, Profile, Report, Token } from './pages.tsx'

const renders: Record<string, number> = {}
const count = (id: string) => Object.assign(renders, { [id]: (renders[id] ?? 0) + 1 })
Object.assign(window, { auth, renders })

function Shell() {
  const { status, error } = useAuth()
  const challenge = useChallenge()
  return (
    <>
      <Profiler id="Nav" onRender={count}>
        <nav>
          <Link to="/">Home</Link> <Link to="/profile">Profile</Link> <Link to="/token">Token</Link>{' '}
          <Link to="/report">Report</Link>
        </nav>
      </Profiler>
      {error && <p role="alert">{error.code}</p>}
      <Suspense fallback={<p>Loading</p>}>
        {status === 'unknown' ? <p>Loading</p> : <Outlet />}
      </Suspense>
      {challenge && (
        <div role="dialog">
          <Button name="Confirm" act={() => challenge.resolve('popup')} />
          <Button name="Refuse" act={() => challenge.refuse()} />
        </div>
      )}
    </>
  )
}

function Failure() {
  const error = useRouteError()
  const { client } = useAuth()
  const [navigate, location] = [useNavigate(), useLocation()]
  if (!isInteractionRequired(error))
    return <p role="alert">{isAuthError(error) ? error.code : `${error}`}</p>
  const retry = () => navigate(location, { replace: true })
  const allow = () => client?.acquireTokenPopup(error.request).then(retry)
  return <Button name="Allow" act={allow} />
}

const token = (
  <Profiler id="Token" onRender={count}>
    <Token />
  </Profiler>
)
const pages = [
  { index: true, Component: Home },
  { path: 'profile', loader: requireAccount(auth), Component: Profile },
  { path: 'token', element: token },
  { path: 'report', Component: Report },
].map((route) => ({ ...route, ErrorBoundary: Failure }))
const fallback = { HydrateFallback: () => <p>Loading</p> }
const router = createBrowserRouter([{ path: '/', Component: Shell, children: pages, ...fallback }])
bindRouter(auth, () => router.revalidate())

for (const element of document.querySelectorAll('.app'))
  createRoot(element, {
    onCaughtError: (error) => isInteractionRequired(error) || console.error(error),
  }).render(
    <StrictMode>
      <AuthProvider client={auth}>
        <RouterProvider router={router} onError={() => undefined} />
      </AuthProvider>
    </StrictMode>,
  )
