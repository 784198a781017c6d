import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { refreshLockName } from '../records/keys/record-keys.ts'
import { accountFromClaims, DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'
import { HOUR_MS, createSilentTabs as setUp } from '../testing/silent-tabs.ts'
import { toTokenQuery } from '../tokens/token-query.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
const read = toTokenQuery(alice, ['read'])

describe('the order', () => {
  test('store, lock, store again, renewal; then the store; then only memory', async () => {
    const { acquire, happened } = setUp()
    expect((await acquire(read)).fromCache).toBe(false)
    expect(happened.splice(0)).toEqual(['store', 'lock', 'store', 'renew'])
    expect((await acquire(read)).fromCache).toBe(true)
    expect(happened.splice(0)).toEqual(['store'])
    expect((await acquire(read)).record.token).toBe('token-1')
    expect(happened).toEqual([])
  })

  test('a token with less than 30 seconds left is renewed', async () => {
    const { acquire, platform, renewals } = setUp()
    await acquire(read)
    platform.advance(HOUR_MS - 30_001)
    await acquire(read)
    expect(renewals()).toBe(1)
    platform.advance(1)
    expect((await acquire(read)).record.token).toBe('token-2')
  })

  test('a token whose scopes were declined is not renewed at every call', async () => {
    const { acquire, renewals } = setUp({ grant: () => [] })
    await acquire(read)
    await acquire(read)
    expect(renewals()).toBe(1)
  })
})

describe('callers at once', () => {
  test('ten callers with the same query share one renewal', async () => {
    const { acquire, renewals } = setUp()
    const answers = await Promise.all(Array.from({ length: 10 }, () => acquire(read)))
    expect(renewals()).toBe(1)
    expect(new Set(answers.map(({ record }) => record.token))).toEqual(new Set(['token-1']))
  })

  test('ten forced refreshes share one renewal', async () => {
    const { acquire, platform, renewals } = setUp({ answerMs: 5 })
    await acquire(read)
    const force = () => acquire(read, { issuedAfterMs: platform.now() })
    const answers = await Promise.all(Array.from({ length: 10 }, force))
    expect(renewals()).toBe(2)
    expect(new Set(answers.map(({ record }) => record.token))).toEqual(new Set(['token-2']))
  })

  test('forced refreshes in ten tabs share one renewal', async () => {
    const { openTab, acquire, platform, renewals } = setUp({ answerMs: 5 })
    await acquire(read)
    const force = () => openTab()(read, { issuedAfterMs: platform.now() })
    await Promise.all(Array.from({ length: 10 }, force))
    expect(renewals()).toBe(2)
  })

  test('a narrower query waits for the broader renewal in progress, and uses its token', async () => {
    const { acquire, renewals } = setUp()
    const broad = toTokenQuery(alice, ['mail', 'read'])
    const [first, second] = await Promise.all([acquire(broad), acquire(read)])
    expect(renewals()).toBe(1)
    expect(second.record.token).toBe(first.record.token)
    expect(second.fromCache).toBe(true)
  })

  test('different queries of one account are renewed one after the other', async () => {
    let running = 0
    let most = 0
    const { platform, openTab } = setUp({
      grant: (scopes) => {
        most = Math.max(most, running)
        return scopes
      },
    })
    const { withLock } = platform
    platform.withLock = (name, work) =>
      withLock(name, async () => {
        running += 1
        const done = await work()
        running -= 1
        return done
      })
    const ask = (scope: string) => openTab()(toTokenQuery(alice, [scope]))
    await Promise.all(['a', 'b', 'c'].map(ask))
    expect(most).toBe(1)
  })

  test('two accounts do not wait for each other', async () => {
    const { acquire, happened, platform, renewals } = setUp()
    let release = () => {}
    const held = platform.withLock(
      refreshLockName('carnet|spa', accountKey(alice)),
      () => new Promise<void>((resolve) => (release = resolve)),
    )
    const waiting = acquire(read)
    await acquire(toTokenQuery(bob, ['read']))
    expect(renewals()).toBe(1)
    expect(happened).toContain('renew')
    release()
    await held
    await waiting
    expect(renewals()).toBe(2)
  })

  test('a failed renewal fails for all its callers, and the next caller tries again', async () => {
    let down = true
    const { acquire } = setUp({
      lifeMs: () => {
        if (down) throw new Error('down')
        return HOUR_MS
      },
    })
    const outcomes = await Promise.allSettled([acquire(read), acquire(read)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    down = false
    expect((await acquire(read)).fromCache).toBe(false)
  })
})

test('the tokens of an account do not answer a query for a new tenant', async () => {
  const { openTab, acquire, renewals } = setUp()
  const account = entraAccountFromClaims(
    { iss: 'https://x', sub: 's', tid: 't' },
    'e.example',
    'u.t',
  )
  const ask = (authority?: string) =>
    toTokenQuery(account, ['User.Read'], { dialect: DIALECTS.entra, authority })
  await Promise.all([
    acquire(ask()),
    openTab()(ask('https://e.example/other'), { issuedAfterMs: 0 }),
  ])
  expect(renewals()).toBe(2)
})

test('the token of another renewal does not answer a claims request', async () => {
  const { openTab, renewals } = setUp()
  const claims = '{"access_token":{"xms_cc":null}}'
  const [plain, challenged] = await Promise.all([
    openTab()(read),
    openTab()(toTokenQuery(alice, ['read'], { claims }), { issuedAfterMs: 0 }),
  ])
  expect(challenged.record.token).not.toBe(plain.record.token)
  expect(renewals()).toBe(2)
})

test('a renewal by another tab during the wait saves the renewal', async () => {
  const { acquire, openTab, platform, renewals } = setUp()
  await acquire(read)
  platform.advance(HOUR_MS)
  await openTab()(read)
  expect((await acquire(read)).record.token).toBe('token-2')
  expect(renewals()).toBe(2)
})

test('after a forced renewal, the older token with the longer lifetime is not returned again', async () => {
  const lives = [2 * HOUR_MS, HOUR_MS]
  const { acquire, platform } = setUp({ lifeMs: () => lives.shift() ?? HOUR_MS })
  await acquire(toTokenQuery(alice, ['mail', 'read']))
  platform.advance(1)
  const { record } = await acquire(read, { issuedAfterMs: platform.now() })
  expect((await acquire(read)).record.token).toBe(record.token)
})

test('two tenants of one home account redeem their shared refresh token one after the other', async () => {
  const { openTab, platform, renewals } = setUp()
  const inTenant = (tid: string) =>
    entraAccountFromClaims({ iss: `https://x/${tid}`, sub: tid, tid }, 'x', 'u.home')
  const ask = (tid: string) =>
    openTab()(toTokenQuery(inTenant(tid), ['User.Read'], { dialect: DIALECTS.entra }))
  let release = () => {}
  const gate = new Promise<void>((resolve) => (release = resolve))
  const { withLock } = platform
  const names: string[] = []
  platform.withLock = (name, work) =>
    withLock(name, () => {
      names.push(name)
      return gate.then(work)
    })
  const both = Promise.all([ask('home'), ask('guest')])
  await expect.poll(() => names.length).toBe(1)
  release()
  await both
  expect([new Set(names).size, renewals()]).toEqual([1, 2])
})

test('another issuer gets neither a cached token nor the refresh token of the account', async () => {
  const { openTab, happened } = setUp()
  const acquire = openTab()
  await acquire(read)
  happened.length = 0
  const elsewhere = toTokenQuery(alice, ['read'], { authority: 'https://other.example' })
  await expect(acquire(elsewhere)).rejects.toMatchObject({ reason: 'no_account' })
  expect(happened).toEqual([])
  const slash = toTokenQuery(alice, ['read'], { authority: 'https://idp.example/' })
  expect((await acquire(slash)).fromCache).toBe(true)
})
