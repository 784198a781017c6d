import { expect, test, vi } from 'vitest'
import { effectScope, h, KeepAlive, onErrorCaptured, type Ref, reactive, ref } from 'vue'
import { personNamed } from '../../browser/src/testing/fake-auth.ts'
import { RequireAccount, useAuth, useToken } from './index.ts'
import { createClient, HOUR_MS, settle, show, tokenOf } from './testing/test-app.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')

for (const kind of ['ref', 'getter', 'reactive'] as const)
  test(`a token follows its request: ${kind}`, async () => {
    const client = createClient()
    const scopes = ref(['a'])
    const request = reactive({ scopes })
    const kinds = {
      ref: ref({ scopes }) as Ref<{ scopes: string[] }>,
      getter: () => ({ scopes: scopes.value }),
      reactive: request,
    }
    const { text } = show(tokenOf(kinds[kind]), client)
    await settle()
    scopes.value = ['b']
    await settle()
    scopes.value.push('c')
    await settle()
    expect(client.calls.map((call) => call.request.scopes.join())).toEqual(['a', 'b', 'b,c'])
    client.calls[2]?.answer('newest')
    client.calls[1]?.answer('late')
    client.calls[0]?.refuse('network_error')
    await settle()
    expect(text()).toBe('newest')
    // An equal request is the same request.
    scopes.value = ['b', 'c']
    await settle()
    expect(text()).toBe('newest')
    expect(client.calls).toHaveLength(3)
  })

test('after a switch of accounts, no token of the earlier account is shown', async () => {
  const client = createClient()
  client.move({ account: alice })
  const { text } = show(tokenOf({ scopes: ['a'] }), client)
  await settle()
  client.calls[0]?.answer('of alice')
  await settle()
  expect(text()).toBe('of alice')
  client.emit('activeAccountChanged', { account: bob } as never)
  await settle()
  expect(text()).toBe('waits')
  client.calls[1]?.answer('of bob')
  await settle()
  expect(text()).toBe('of bob')
})

test('the error of a token reaches the boundary, and a later token replaces it', async () => {
  const client = createClient()
  const Reader = {
    setup() {
      const { token } = useToken({ scopes: ['a'] })
      return () => token.value?.accessToken ?? 'waits'
    },
  }
  const caught: unknown[] = []
  const { text } = show(
    {
      setup() {
        onErrorCaptured((error) => {
          caught.push((error as { code?: string }).code)
          return false
        })
        return () => h(Reader)
      },
    },
    client,
  )
  await settle()
  client.calls[0]?.refuse('invalid_request')
  await settle()
  expect(caught).toEqual(['invalid_request'])
  client.emit('tokenAcquired', {} as never)
  await settle()
  client.calls[1]?.answer('token')
  await settle()
  expect(text()).toBe('token')
})

test('a component in <KeepAlive> asks for tokens and for the user only while it is active', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const client = createClient()
  client.move({ account: alice })
  const isShown = ref(true)
  const Kept = {
    setup: () => () => [
      h(tokenOf({ scopes: ['a'] })),
      h(RequireAccount, null, { default: () => ' in', fallback: () => ' out' }),
    ],
  }
  const { text } = show(
    { setup: () => () => h(KeepAlive, () => (isShown.value ? h(Kept) : undefined)) },
    client,
  )
  await settle()
  client.calls[0]?.answer('first', HOUR_MS)
  await settle()
  expect(text()).toBe('first in')
  isShown.value = false
  await settle()
  vi.advanceTimersByTime(2 * HOUR_MS)
  client.emit('tokenRenewed', {} as never)
  client.move({ account: null })
  await settle()
  expect(client.calls).toHaveLength(1)
  expect(client.signIns).toHaveLength(0)
  isShown.value = true
  await settle()
  expect(text()).toBe('waits out')
  expect(client.calls).toHaveLength(2)
  expect(client.signIns).toHaveLength(1)
  client.signIns[0]?.resolve(bob)
  client.calls[1]?.answer('second')
  await settle()
  expect(text()).toBe('second in')
})

test('a store outlives the component that creates it', async () => {
  const client = createClient()
  const isShown = ref(true)
  const scope = effectScope(true)
  let store: (Pick<ReturnType<typeof useAuth>, 'account'> & ReturnType<typeof useToken>) | undefined
  const Creator = {
    setup() {
      // Pinia creates a store so: in its own scope, in the `setup` of the first component that uses the store.
      store = scope.run(() => ({ account: useAuth().account, ...useToken({ scopes: ['a'] }) }))
      return () => 'created'
    },
  }
  const shown = show({ setup: () => () => isShown.value && h(KeepAlive, () => h(Creator)) }, client)
  isShown.value = false
  await settle()
  expect(shown.text()).toBe('')
  client.move({ account: alice })
  client.calls[0]?.answer('of the store')
  await settle()
  expect(store?.account.value).toBe(alice)
  expect(store?.token.value?.accessToken).toBe('of the store')
  scope.stop()
  shown.unmount()
  expect(client.listeners()).toBe(0)
})
