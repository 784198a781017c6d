import { expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { AuthError } from '../errors/errors.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { createCooldown } from './cooldown.ts'

const accountOf = (sub: string) => accountFromClaims({ iss: 'https://idp.example', sub })
const alice = accountOf('alice')

/** A store that tabs share, and a clock. */
function setUp() {
  let nowMs = Date.UTC(2030, 0, 1)
  const store = createMemoryStore()
  let asked = 0
  const openTab = () => {
    const withCooldown = createCooldown('spa', store, () => nowMs)
    return (failure?: unknown, { account = alice, forceRefresh = false } = {}) =>
      withCooldown({ owner: account, forceRefresh }, async () => {
        asked += 1
        if (failure) throw failure
        return 'done'
      }).catch((error: unknown) => error)
  }
  const advance = (ms: number) => {
    nowMs += ms
  }
  return { openTab, advance, asked: () => asked, now: () => nowMs, store }
}

const down = () => new AuthError('network_error', 'no way')

test('during an outage, ten calls per second cause fewer and fewer requests', async () => {
  const { openTab, advance, asked } = setUp()
  const ask = openTab()
  for (let call = 0; call < 600; call++) {
    expect(await ask(down())).toMatchObject({ code: 'network_error' })
    advance(100)
  }
  expect(asked()).toBeGreaterThan(5) // A minute: at the latest every ten seconds.
  expect(asked()).toBeLessThan(20)
})

test('the first retry and a forced refresh are not delayed', async () => {
  const { openTab, asked } = setUp()
  const ask = openTab()
  await ask(down())
  await ask(down())
  await ask()
  expect(asked()).toBe(2)
  expect(await ask(undefined, { forceRefresh: true })).toBe('done')
  expect(await ask()).toBe('done') // It is up again, for all.
})

test('another tab uses the same pause, and another account has no pause', async () => {
  const { openTab, asked } = setUp()
  await openTab()(down())
  await openTab()(down())
  expect(await openTab()()).toMatchObject({ code: 'server_error' })
  expect(asked()).toBe(2)
  expect(await openTab()(undefined, { account: accountOf('bob') })).toBe('done')
})

test('`Retry-After` holds for every account and tab, also for a forced refresh', async () => {
  const { openTab, advance, asked, now } = setUp()
  const busy = new AuthError('server_error', 'busy', { retryAtMs: now() + 7000 })
  const ask = openTab()
  await ask(busy)
  expect(await ask(undefined, { forceRefresh: true })).toBe(busy)
  const elsewhere = await openTab()(undefined, { account: accountOf('bob') })
  expect(elsewhere).toMatchObject({ code: 'server_error', retryAtMs: now() + 7000 })
  expect(asked()).toBe(1)
  advance(7000)
  expect(await ask()).toBe('done')
})

test('a clock that is set back does not make the pause longer', async () => {
  const { openTab, advance, now } = setUp()
  const ask = openTab()
  await ask(new AuthError('server_error', 'busy', { retryAtMs: now() + 7000 }))
  advance(-3_600_000)
  expect(await ask()).toBe('done')
})

test('failures hours apart do not add up', async () => {
  const { openTab, advance, asked } = setUp()
  const ask = openTab()
  for (let hour = 0; hour < 5; hour++) {
    await ask(down())
    await ask(down())
    advance(3_600_000)
  }
  expect(asked()).toBe(10)
})

test('a permanent failure causes no pause', async () => {
  const { openTab, asked } = setUp()
  const ask = openTab()
  for (let call = 0; call < 3; call++) await ask(new AuthError('invalid_id_token', 'no'))
  expect(asked()).toBe(3)
})

test('a malformed record is ignored', async () => {
  const { openTab, store, now } = setUp()
  for (const scope of ['idp.example', 'idp.example|alice|']) {
    const value = { sinceMs: 0, untilMs: 'never' }
    const record = { key: `pause|spa|${scope}`, tags: [], expiresAtMs: now(), value }
    await store.write([{ type: 'put', collection: 'metadata', record }])
  }
  expect(await openTab()()).toBe('done')
})
