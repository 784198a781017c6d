import { type Account, isAuthError } from '@carnet/browser'
import { bindRouter, requireAccount } from '@carnet/browser/guards'
import { AuthProvider } from '@carnet/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import {
  createBrowserRouter,
  createContext,
  Link,
  type LoaderFunctionArgs,
  type MiddlewareFunction,
  Outlet,
  useLoaderData,
  useLocation,
  useNavigate,
  useRouteError,
} from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { auth, base } from './auth.ts'
import { Session } from './session.tsx'

const accountContext = createContext<Account | null>(null)
const guard = requireAccount(auth)

const readsSession: MiddlewareFunction = async ({ context }, next) => {
  context.set(accountContext, (await auth).activeAccount)
  return next()
}
const needsAccount: MiddlewareFunction = async ({ request, context }, next) => {
  context.set(accountContext, await guard(request.url))
  return next()
}
const nameInContext = ({ context }: LoaderFunctionArgs) =>
  context.get(accountContext)?.username ?? 'nobody'

function Shell() {
  return (
    <>
      <Link to="/">Home</Link> <Link to="/profile">Profile</Link>
      <Session inRouter={useLoaderData()} go={useNavigate()} />
      <Outlet />
    </>
  )
}

const Profile = () => <p>{`Profile of ${useLoaderData()} ${useLocation().search}`}</p>

function Failure() {
  const error = useRouteError()
  return <p role="alert">{isAuthError(error) ? error.code : `${error}`}</p>
}

const router = createBrowserRouter(
  [
    {
      ...{ path: '/', Component: Shell, middleware: [readsSession], loader: nameInContext },
      // No loader has run when a middleware throws, so the boundary of the first route with a loader gets the error.
      ErrorBoundary: Failure,
      HydrateFallback: () => <p>Loading</p>,
      children: [
        { index: true, element: <p>Home page</p> },
        {
          middleware: [needsAccount],
          children: [{ path: 'profile', loader: nameInContext, Component: Profile }],
        },
      ],
    },
  ],
  { basename: base },
)
bindRouter(auth, () => router.revalidate())

const element = document.querySelector('.app')
if (element)
  createRoot(element).render(
    <StrictMode>
      <AuthProvider client={auth}>
        <RouterProvider router={router} onError={() => undefined} />
      </AuthProvider>
    </StrictMode>,
  )
