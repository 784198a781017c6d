import { createMemoryStore, isAuthError } from '@carnet/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createCustody } from './custody.ts'

const HANDLE = 'carnet-kept.1'
const PARTS = [
  ['./contexts.ts', () => import('./contexts.ts')],
  ['./default-worker.ts', () => import('./default-worker.ts')],
] as const
type Load = (typeof PARTS)[number][1]

/** The part cannot be loaded, as after a deployment or without a network. */
async function lose(part: string, load: Load): Promise<void> {
  vi.doMock(part, () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(load()).rejects.toThrow() // Two loads at once would not both hear of it.
}

async function bringBack(part: string, load: Load): Promise<void> {
  vi.doUnmock(part)
  await load()
}

const custodyByWorker = () =>
  createCustody(
    { fetch, requestTimeoutMs: 1000, tokens: 'worker', tokenWorker: undefined },
    () => undefined,
  )

afterEach(async () => {
  for (const [part, load] of PARTS) await bringBack(part, load)
})

describe.each(PARTS)('%s does not load', (part, load) => {
  test('the error is `part_not_loaded`, and the next call tries again', async () => {
    await lose(part, load)
    const custody = custodyByWorker()
    const error = await custody.holds(HANDLE).catch((thrown: unknown) => thrown)
    expect(isAuthError(error, 'part_not_loaded')).toBe(true)
    await bringBack(part, load)
    expect(await custody.holds(HANDLE)).toBe(false)
    custody.close()
  })

  test('closing the client during the load fails only the pending request', async () => {
    const unheard = vi.fn()
    process.on('unhandledRejection', unheard)
    await lose(part, load)
    const custody = custodyByWorker()
    const asking = custody.holds(HANDLE)
    custody.close()
    await expect(asking).rejects.toThrow()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })
})

test.each(PARTS)('without %s the page sends its redemptions itself', async (part, load) => {
  await lose(part, load)
  const onUnavailable = vi.fn()
  vi.stubGlobal('SharedWorker', class {})
  const custody = createCustody(
    {
      fetch: async () => new Response('{"access_token":"A"}'),
      requestTimeoutMs: 1000,
      tokens: 'page',
      tokenWorker: undefined,
    },
    onUnavailable,
    {
      partition: 'p',
      database: 'd',
      store: createMemoryStore(),
      keptForMs: 1000,
      announce: () => undefined,
    },
  )
  for (const credential of ['R1', 'R2']) {
    const { body } = await custody.tokenHttp('https://login.example.com/token', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: credential }),
    })
    expect(body).toBe('{"access_token":"A"}')
  }
  expect(onUnavailable).toHaveBeenCalledOnce()
  custody.close()
  vi.unstubAllGlobals()
})
