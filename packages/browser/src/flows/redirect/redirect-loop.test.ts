import { AuthError } from '@carnet/core'
import { createFakePlatform } from '@carnet/core/fakes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOptions } from '../../checks/read-options.ts'
import { fakePage } from '../../testing/fakes.ts'
import {
  createLoopBreaker,
  LOOP_WINDOW_MS,
  REDIRECTS_WITH_USER,
  REDIRECTS_WITHOUT_USER,
} from './redirect-loop.ts'

const origin = 'https://app.example'

/** A tab: its storage, its user, and its clock. Each load of a page has a loop breaker of its own. */
function openTab(storage: 'works' | 'refused' | 'cleared' = 'works') {
  const platform = createFakePlatform(() => new Response())
  const notes = new Map<string, string>()
  let isUsed = false
  let state = ''
  const page = fakePage(origin, {
    tabNote: (key) => (storage === 'refused' ? undefined : notes.get(key)),
    setTabNote: (key, value) => void notes.set(key, value ?? ''),
    wasUsed: () => isUsed,
  })
  const load = (clientId = 'spa') => {
    if (storage === 'cleared') notes.clear()
    isUsed = false
    const config = readOptions({ clientId, authority: 'https://idp.example' }, origin)
    return { ...createLoopBreaker({ config, page, platform }), mark: config.mark }
  }
  /** Loads a page, completes the response, and leaves again. Returns the error if the redirect was refused. */
  async function goRound(answer: unknown = 'success', clientId?: string) {
    const loops = load(clientId)
    const completing = answer === 'success' ? Promise.resolve() : Promise.reject(answer)
    await loops.answered(state, completing).catch(() => undefined)
    return leaveBy(loops)
  }
  function leaveBy(loops: ReturnType<typeof load>): AuthError | undefined {
    try {
      const { leave, trail } = loops.admit()
      leave()
      state = `${loops.mark}r.id${trail}`
      return undefined
    } catch (error) {
      return error as AuthError
    }
  }
  return {
    load,
    goRound,
    leaveBy,
    notes,
    advance: platform.advance,
    use: () => {
      isUsed = true
    },
  }
}

const refused = () =>
  new AuthError('access_denied', 'Refused.', {
    oauth: { error: 'access_denied', description: 'The code s3cret is refused.' },
  })

describe('a loop', () => {
  test.each(['works', 'cleared'] as const)('ends where storage %s', async (storage) => {
    const tab = openTab(storage)
    for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) {
      tab.advance(1000)
      expect(await tab.goRound(refused())).toBeUndefined()
    }
    tab.advance(1000)
    const error = await tab.goRound(refused())
    expect(error).toMatchObject({ code: 'redirect_loop', oauth: { error: 'access_denied' } })
    expect(error?.message).toContain(`${REDIRECTS_WITHOUT_USER} redirects within 5 s`)
    expect(error?.message).toContain('access_denied')
    expect(JSON.stringify([error?.message, error?.oauth, [...tab.notes]])).not.toContain('s3cret')
  })

  test('ends within one page if the browser refuses sessionStorage', () => {
    const tab = openTab('refused')
    const loops = tab.load()
    const outcomes = Array.from({ length: REDIRECTS_WITHOUT_USER + 1 }, () => tab.leaveBy(loops))
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    expect(outcomes.at(-1)?.message).toContain('The last redirect got no response')
  })

  test('names the successful sign-in in the message if a token is never accepted', async () => {
    const tab = openTab()
    for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) await tab.goRound()
    expect((await tab.goRound())?.message).toContain('ended with success')
  })

  test('of another client does not count', async () => {
    const tab = openTab()
    for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) await tab.goRound()
    expect(await tab.goRound('success', 'other')).toBeUndefined()
    expect(await tab.goRound()).toMatchObject({ code: 'redirect_loop' })
  })

  test('allows a click after the error, and starts the count again', async () => {
    const tab = openTab()
    for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) await tab.goRound()
    const loops = tab.load()
    expect(tab.leaveBy(loops)).toMatchObject({ code: 'redirect_loop' })
    tab.use()
    expect(tab.leaveBy(loops)).toBeUndefined()
    for (let times = 1; times < REDIRECTS_WITHOUT_USER; times += 1)
      expect(await tab.goRound()).toBeUndefined()
    expect(await tab.goRound()).toMatchObject({ code: 'redirect_loop' })
  })

  test('ends even if every page reports an action of the user', async () => {
    const tab = openTab()
    const outcomes = Array.from({ length: REDIRECTS_WITH_USER + 1 }, () => {
      const loops = tab.load()
      tab.use()
      return tab.leaveBy(loops)
    })
    expect(outcomes.filter(Boolean)).toHaveLength(1)
    expect(outcomes.at(-1)?.message).toContain(`${REDIRECTS_WITH_USER} redirects`)
  })

  test('may start again after some time', async () => {
    const tab = openTab()
    for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) await tab.goRound()
    tab.advance(LOOP_WINDOW_MS - 1)
    expect(await tab.goRound()).toMatchObject({ code: 'redirect_loop' })
    tab.advance(1)
    expect(await tab.goRound()).toBeUndefined()
  })
})

test('no history of slow round trips is a loop', async () => {
  const pausesMs = fc.array(fc.integer({ min: 6000, max: 3_600_000 }), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(pausesMs, async (pauses) => {
      const tab = openTab()
      for (const pauseMs of pauses) {
        expect(await tab.goRound()).toBeUndefined()
        tab.advance(pauseMs)
      }
    }),
  )
})

test('for any value in the storage of the tab, a redirect is allowed or refused with its error', () => {
  const number = fc.oneof(fc.integer(), fc.double(), fc.constant(null), fc.string())
  const record = fc.record(
    {
      sinceMs: number,
      count: number,
      idleSinceMs: number,
      idleCount: number,
      isRefused: fc.anything(),
      answer: fc.anything(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        record.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const tab = openTab()
        const loops = tab.load()
        expect(tab.leaveBy(loops)).toBeUndefined()
        for (const key of tab.notes.keys()) tab.notes.set(key, text)
        expect([undefined, 'redirect_loop']).toContain(tab.leaveBy(tab.load())?.code)
      },
    ),
  )
})

test('a clock that was set back does not keep the user out', async () => {
  const tab = openTab()
  for (let times = 0; times < REDIRECTS_WITHOUT_USER; times += 1) await tab.goRound()
  tab.advance(-3_600_000)
  expect(await tab.goRound()).toBeUndefined()
})
