import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed } from '../testing/fake-auth.ts'
import { authQueryDefaults, clearOnAccountChange, persistForAccount } from './tanstack-query.ts'

test('a query with a resource gets its JSON with a token, and another status is an error', async () => {
  const asked: string[] = []
  const auth = {
    fetch: async (input: RequestInfo | URL) => {
      asked.push(`${input}`)
      const status = asked.length === 1 ? 200 : 404
      return Response.json({ events: 2 }, { status })
    },
  }
  const queries = new QueryClient({ defaultOptions: authQueryDefaults(auth) })
  const meta = { resource: '/api/events' }
  expect(await queries.fetchQuery({ queryKey: ['events'], meta })).toEqual({ events: 2 })
  const failing = queries.fetchQuery({ queryKey: ['more'], meta: { resource: '/x' }, retry: false })
  await expect(failing).rejects.toMatchObject({ status: 404 })
  expect(asked).toEqual(['/api/events', '/x'])
})

test('another active account clears the cache, and a renewal does not', () => {
  const { auth, move, emit } = createFakeAuth()
  const queries = new QueryClient()
  const end = clearOnAccountChange(auth, queries)
  move({ account: personNamed('alice') })
  queries.setQueryData(['mail'], 'of alice')
  emit('changed', auth.snapshot())
  expect(queries.getQueryData(['mail'])).toBe('of alice')
  move({ account: personNamed('bob') })
  expect(queries.getQueryData(['mail'])).toBeUndefined()
  end()
})

test('a component on the page loses the data of the account before, and asks again', async () => {
  const { auth, move } = createFakeAuth()
  const queries = new QueryClient()
  const end = clearOnAccountChange(auth, queries)
  move({ account: personNamed('alice') })
  const asked: string[] = []
  const queryFn = async () => {
    asked.push(auth.activeAccount?.username ?? 'nobody')
    return asked.at(-1)
  }
  const component = new QueryObserver(queries, { queryKey: ['mail'], queryFn })
  const unmount = component.subscribe(() => undefined)
  await vi.waitFor(() => expect(component.getCurrentResult().data).toBe('alice'))
  move({ account: personNamed('bob') })
  expect(component.getCurrentResult().data).toBeUndefined()
  await vi.waitFor(() => expect(component.getCurrentResult().data).toBe('bob'))
  expect(asked).toEqual(['alice', 'bob'])
  unmount()
  end()
})

/** A persister in memory. */
function createPersister() {
  let kept: { buster: string; timestamp: number } | undefined
  return {
    persistClient: async (stored: { buster: string; timestamp: number }) => {
      kept = stored
    },
    restoreClient: async () => kept,
    removeClient: async () => {
      kept = undefined
    },
  }
}

test('a stored cache is restored for the account that was active when it was written', async () => {
  const { auth, move } = createFakeAuth()
  const inner = createPersister()
  const starting = Promise.resolve(auth)
  const persister = persistForAccount(starting, inner)
  const stored = { buster: 'v1', timestamp: 1 }
  await persister.persistClient(stored)
  expect(await inner.restoreClient()).toBeUndefined()
  await starting
  move({ account: personNamed('alice') })
  await persister.persistClient(stored)
  expect(await persister.restoreClient()).toEqual(stored)
  move({ account: personNamed('bob') })
  expect(await persister.restoreClient()).toBeUndefined()
  expect(await inner.restoreClient()).toBeUndefined()
})

test('a client that cannot start leaves the stored cache alone', async () => {
  const inner = createPersister()
  await inner.persistClient({ buster: 'alice v1', timestamp: 1 })
  const persister = persistForAccount(Promise.reject(new Error('no authority')), inner)
  expect(await persister.restoreClient()).toBeUndefined()
  expect(await inner.restoreClient()).toMatchObject({ buster: 'alice v1' })
})
