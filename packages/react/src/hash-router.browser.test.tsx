import type { InteractiveRequest } from '@carnet/browser'
import { requireAccount } from '@carnet/browser/guards'
import { createTestClient } from '@carnet/browser/testing'
import { createHashRouter } from 'react-router'
import { expect, test } from 'vitest'

test('a guard of a router with a hash sends the user back to the fragment', async () => {
  const asked: InteractiveRequest[] = []
  const signIn = (request: InteractiveRequest = {}) => {
    asked.push(request)
    return new Promise<never>(() => undefined)
  }
  const guard = requireAccount(createTestClient({ members: { signIn } }))
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
  const page = location.href.replace(/#.*/, '')
  await expect.poll(() => asked[0]?.returnTo).toBe(`${page}#/profile?x=1`)
  router.dispose()
})
