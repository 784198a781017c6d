import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createSilentTabs } from '../testing/silent-tabs.ts'
import { toTokenQuery } from '../tokens/token-query.ts'

const alice = accountFromClaims({ iss: 'https://login.example.com', sub: 'alice' })
const query = toTokenQuery(alice, ['calendar.read'])

describe('tokens with a lifetime of 0 to 5 seconds', () => {
  test('are renewed at most once per second, in any number of tabs', async () => {
    const setting = fc.record({
      lifeMs: fc.integer({ min: 0, max: 5000 }),
      answerMs: fc.integer({ min: 0, max: 300 }),
      gapsMs: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 }),
      tabCount: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(setting, async ({ lifeMs, answerMs, gapsMs, tabCount }) => {
        const world = createSilentTabs({ lifeMs: () => lifeMs, answerMs })
        const tabs = Array.from({ length: tabCount }, () => world.openTab())
        const beganMs = world.platform.now()
        for (const [index, gapMs] of gapsMs.entries()) {
          await tabs[index % tabCount]?.(query)
          world.platform.advance(gapMs)
        }
        const seconds = (world.platform.now() - beganMs) / 1000
        expect(world.renewals()).toBeLessThanOrEqual(seconds + 1)
      }),
      { numRuns: 60 },
    )
  })

  test('are returned for the rest of the second, although they are expired', async () => {
    const { acquire, renewals } = createSilentTabs({ lifeMs: () => 0 })
    const first = await acquire(query)
    const second = await acquire(query)
    expect(first.fromCache).toBe(false)
    expect(second).toEqual({ record: first.record, fromCache: true })
    expect(renewals()).toBe(1)
  })

  test('are renewed at once for a forced refresh', async () => {
    const { acquire, renewals, platform } = createSilentTabs({ lifeMs: () => 0 })
    await acquire(query)
    await acquire({ ...query, forceRefresh: true }, { issuedAfterMs: platform.now() })
    expect(renewals()).toBe(2)
  })

  test('are renewed five times at once, and then once per second, for a forced refresh in a loop', async () => {
    const { acquire, renewals, platform } = createSilentTabs({ lifeMs: () => 0 })
    const forced = () =>
      acquire({ ...query, forceRefresh: true }, { issuedAfterMs: platform.now() })
    for (let call = 0; call < 5; call += 1) await forced()
    expect(renewals()).toBe(5)
    const late = forced()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(renewals()).toBe(5)
    await late
    expect(renewals()).toBe(6)
  })

  test('are renewed after a second', async () => {
    const { acquire, renewals, platform } = createSilentTabs({ lifeMs: () => 0 })
    await acquire(query)
    platform.advance(1000)
    await acquire(query)
    expect(renewals()).toBe(2)
  })
})

test('a clock that jumps between two days causes no more than one renewal per second on average', async () => {
  const world = createSilentTabs({ monotonic: true })
  const beganMs = world.platform.monotonicMs()
  for (let call = 0; call < 200; call += 1) {
    await world.acquire(query)
    world.platform.advance(call % 2 === 0 ? 24 * 3_600_000 : -24 * 3_600_000)
    world.passes(100)
  }
  const seconds = (world.platform.monotonicMs() - beganMs) / 1000
  expect(world.renewals()).toBeLessThanOrEqual(seconds + 3)
})
