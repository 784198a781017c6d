import type { ClientInput } from '@carnet/browser/snapshot'
import { AuthProvider, SignedIn, SignedOut, useAuth } from '@carnet/react'
import { type ComponentType, createElement as h, type ReactNode, StrictMode, Suspense } from 'react'

function Who(): ReactNode {
  const { status, account } = useAuth()
  return h('p', null, `${status} ${account?.username ?? 'nobody'}`)
}

/** The part that arrives late: it reads the session too. */
export function LatePart(): ReactNode {
  return h('section', null, h(Who), h(SignedIn, null, h('b', null, 'late in')))
}

/** The page that a server streams, and that the browser hydrates. */
export function page(client: ClientInput, Late: ComponentType): ReactNode {
  const late = h(Suspense, { fallback: h('i', null, 'waits') }, h(Late))
  const gates = h('p', null, h(SignedIn, null, 'in'), h(SignedOut, null, 'out'))
  return h(StrictMode, null, h(AuthProvider, { client }, h('main', null, h(Who), gates, late)))
}
