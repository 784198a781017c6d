import { isInteractionRequired } from '@carnet/browser'
import { bindRouter } from '@carnet/browser/guards'
import { AuthProvider } from '@carnet/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { auth } from '../../../examples/react-app/auth.ts'
import { routes } from '../../../examples/react-app/routes.tsx'
import { Failure, MorePages, Report, Required, Token } from './more-pages.tsx'
import { renders } from './renders.ts'

Object.assign(window, { auth, renders })

// The route of the token comes first, because it replaces the route of the example.
const children = [
  { path: 'token', Component: Token, ErrorBoundary: Failure },
  { path: 'report', Component: Report },
  { path: 'required', Component: Required, ErrorBoundary: Failure },
  ...routes,
]
const router = createBrowserRouter([{ path: '/', Component: MorePages, children }])
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
