import { requireAccount } from '@carnet/browser/guards'
import { auth } from './auth.ts'
import { Failure, Profile, Token } from './pages.tsx'

export const routes = [
  { path: 'profile', loader: requireAccount(auth), Component: Profile },
  { path: 'token', Component: Token },
].map((route) => ({ ...route, ErrorBoundary: Failure, hydrateFallbackElement: <p>Loading</p> }))
