import { bindRouter } from '@carnet/browser/guards'
import { AuthProvider } from '@carnet/react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router'
import { auth } from './auth.ts'
import { Shell } from './pages.tsx'
import { routes } from './routes.tsx'

const router = createBrowserRouter([{ path: '/', Component: Shell, children: routes }])
bindRouter(auth, () => router.revalidate())

const root = createRoot(document.querySelector('.app') as Element)
const app = <RouterProvider router={router} />
root.render(<AuthProvider client={auth}>{app}</AuthProvider>)
