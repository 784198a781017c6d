import { isAuthError } from '@carnet/browser'
import { bindRouter, requireAccount } from '@carnet/browser/guards'
import { authQueryDefaults, clearOnAccountChange } from '@carnet/browser/tanstack-query'
import { AuthProvider, useAccount } from '@carnet/react'
import { notifyManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { memo, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { auth, base, echo } from './auth.ts'
import { Session } from './session.tsx'

const guard = requireAccount(auth)

const rootRoute = createRootRoute({
  beforeLoad: async () => ({ name: (await auth).activeAccount?.username ?? 'nobody' }),
  component: Shell,
})
const home = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: () => <p>Home page</p>,
})
const profile = createRoute({
  getParentRoute: () => rootRoute,
  path: '/profile',
  beforeLoad: async (target) => ({ account: await guard(target) }),
  loader: ({ context }) => context.account.username,
  component: Profile,
  errorComponent: Failure,
})
const data = createRoute({
  getParentRoute: () => rootRoute,
  path: '/data',
  component: Data,
})

function Shell() {
  return (
    <>
      <Link to="/">Home</Link> <Link to="/profile">Profile</Link> <Link to="/data">Data</Link>
      <Session
        inRouter={rootRoute.useRouteContext().name}
        go={(path) => router.navigate({ to: path })}
      />
      <Outlet />
    </>
  )
}

function Profile() {
  return <p>{`Profile of ${profile.useLoaderData()}`}</p>
}

function Failure({ error }: { error: unknown }) {
  return <p role="alert">{isAuthError(error) ? error.code : `${error}`}</p>
}

function Data() {
  return (
    <p>
      <Answer />, shown to <Viewer />
    </p>
  )
}

/** Does not read the session, so a change of the account does not render it. */
const Answer = memo(() => {
  const { data, error, failureCount } = useQuery<{ sub: string }>({
    ...{ queryKey: ['echo'], meta: { resource: echo } },
  })
  if (error) return <b role="alert">{`${isAuthError(error) && error.code} ${failureCount}`}</b>
  return data ? `Data of ${data.sub}` : 'No data'
})

function Viewer() {
  return useAccount()?.username ?? 'nobody'
}

const router = createRouter({
  ...{ routeTree: rootRoute.addChildren([home, profile, data]), basepath: base },
  defaultPreload: 'intent',
})
bindRouter(auth, () => router.invalidate())

// Without it the components hear of the cleared cache one task after the change of the account.
notifyManager.setScheduler(queueMicrotask)
const queries = new QueryClient({
  defaultOptions: authQueryDefaults({ fetch: async (...given) => (await auth).fetch(...given) }),
})
clearOnAccountChange(auth, queries)

const element = document.querySelector('.app')
if (element)
  createRoot(element).render(
    <StrictMode>
      <AuthProvider client={auth}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AuthProvider>
    </StrictMode>,
  )
