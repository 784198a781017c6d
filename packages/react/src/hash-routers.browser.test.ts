import type { InteractiveRequest } from '@carnet/browser'
import { requireAccount } from '@carnet/browser/guards'
import { createTestClient } from '@carnet/browser/testing'
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from '@tanstack/react-router'
import { createHashRouter } from 'react-router'
import { expect, test } from 'vitest'

/** A guard, and the URLs where its sign-ins return to. */
function createGuard() {
  const targets: unknown[] = []
  const signIn = (request?: InteractiveRequest) => {
    targets.push(request?.returnTo)
    return new Promise<never>(() => undefined)
  }
  return { targets, guard: requireAccount(createTestClient({ members: { signIn } })) }
}

const page = () => location.href.replace(/#.*/, '')

test('a guard of a hash router of react-router sends the user back to the fragment', async () => {
  const { guard, targets } = createGuard()
  const router = createHashRouter([
    { path: '/', element: null },
    {
      path: '/profile',
      loader: ({ request }) => {
        const { pathname, search } = new URL(request.url)
        return guard(`#${pathname}${search}`)
      },
    },
  ])
  void router.navigate('/profile?x=1')
  await expect.poll(() => targets).toEqual([`${page()}#/profile?x=1`])
  router.dispose()
})

test('a guard of a hash history of TanStack Router sends the user back to the fragment', async () => {
  const { guard, targets } = createGuard()
  const root = createRootRoute()
  const profile = createRoute({
    getParentRoute: () => root,
    path: '/profile',
    beforeLoad: ({ location }) => guard(`#${location.href}`),
  })
  const history = createHashHistory()
  history.push('/profile?x=1')
  const router = createRouter({ routeTree: root.addChildren([profile]), history })
  void router.load()
  await expect.poll(() => targets).toEqual([`${page()}#/profile?x=1`])
  history.destroy()
})
