import { AuthError, createMemoryStore } from '@carnet/core'
import { accountFromClaims, createFakePlatform } from '@carnet/core/fakes'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AuthClientOptions } from '../../api/options.ts'
import { readOptions } from '../../checks/read-options.ts'
import { shareOnPage } from '../../startup/page/shared-on-page.ts'
import { createInteractionQueue, interactionQueueOf, type Turn } from './queue.ts'

afterEach(() => vi.unstubAllGlobals())

/** True during a user gesture. */
const inGesture = (isActive: boolean) =>
  vi.stubGlobal('navigator', { userActivation: { isActive } })

/** Requests that the test ends. */
function setUp() {
  const enqueue = createInteractionQueue()
  const begun: string[] = []
  const turns: Record<string, { turn: Turn; finish(): void }> = {}
  const ask = (name: string, signal?: AbortSignal, atOnce?: boolean) =>
    enqueue(
      name,
      signal,
      (turn) => {
        begun.push(name)
        return new Promise<string>((resolve, reject) => {
          turns[name] = { turn, finish: () => resolve(name) }
          turn.signal.addEventListener('abort', () => reject(turn.signal.reason))
        })
      },
      atOnce,
    )
  return { ask, begun, turnOf: (name: string) => turns[name] }
}

/** Waits until all pending work is done. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('a signal that survives the interaction holds no reference to it', async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(signal, args)
  }
  const enqueue = createInteractionQueue()
  await enqueue('key', signal, async () => 'done')
  await Promise.resolve()
  expect(listeners).toBe(0)
})

test('interactions run one after the other, in the order of the requests', async () => {
  const { ask, begun, turnOf } = setUp()
  const answers = Promise.all([ask('a'), ask('b'), ask('c')])
  await settled()
  expect(begun).toEqual(['a'])
  turnOf('a')?.finish()
  await settled()
  expect(begun).toEqual(['a', 'b'])
  turnOf('b')?.finish()
  await settled()
  turnOf('c')?.finish()
  expect(await answers).toEqual(['a', 'b', 'c'])
})

test('a turn ends with its signal, although the work goes on', async () => {
  const enqueue = createInteractionQueue()
  const cancel = new AbortController()
  const first = enqueue('a', cancel.signal, () => new Promise(() => undefined))
  cancel.abort()
  await expect(first).rejects.toMatchObject({ code: 'aborted' })
  await settled()
  expect(await enqueue('b', undefined, async () => 'next')).toBe('next')
})

test('a waiting caller that aborts does not start another request early', async () => {
  const { ask, begun, turnOf } = setUp()
  const cancel = new AbortController()
  const [first, second, third] = [ask('a'), ask('b', cancel.signal), ask('c')]
  cancel.abort()
  await expect(second).rejects.toMatchObject({ code: 'aborted' })
  await settled()
  expect(begun).toEqual(['a'])
  turnOf('a')?.finish()
  await settled()
  expect(begun).toEqual(['a', 'c'])
  turnOf('c')?.finish()
  expect(await Promise.all([first, third])).toEqual(['a', 'c'])
})

test('a request with `atOnce` does not wait, and other callers can join it', async () => {
  const { ask, begun, turnOf } = setUp()
  void ask('a')
  const both = Promise.all([ask('s', undefined, true), ask('s', undefined, true)])
  expect(begun).toEqual(['a', 's'])
  turnOf('s')?.finish()
  expect(await both).toEqual(['s', 's'])
})

test('an unreachable interaction lets others start only in a user gesture, and still counts', async () => {
  const { ask, begun, turnOf } = setUp()
  const first = ask('a')
  void ask('b')
  let isOutOfReach = false
  turnOf('a')?.turn.yieldWhile(() => isOutOfReach)
  inGesture(true)
  void ask('c')
  await settled()
  expect(begun).toEqual(['a'])

  isOutOfReach = true
  inGesture(false)
  void ask('d')
  await settled()
  expect(begun).toEqual(['a'])

  inGesture(true)
  void ask('e')
  await settled()
  expect(begun).toEqual(['a', 'b']) // The earlier request starts first.
  turnOf('a')?.finish()
  expect(await first).toBe('a')
})

test('after `end`, the error has its reason', async () => {
  const { ask, turnOf } = setUp()
  const asking = ask('a')
  turnOf('a')?.turn.end(new AuthError('account_not_found', 'Gone.'))
  await expect(asking).rejects.toMatchObject({ code: 'account_not_found' })
})

test('a request that means another account is another request', async () => {
  const platform = createFakePlatform(() => new Response())
  const base = { clientId: 'accounts', authority: 'https://idp.example' }
  const config = readOptions(base, 'https://app.example')
  const enqueue = interactionQueueOf({ config, platform }, async () => undefined)
  const account = (sub: string) => accountFromClaims({ iss: 'https://idp.example', sub })
  const ask = (sub: string) => enqueue('popup', { addsTo: account(sub) }, async () => sub)
  expect(await Promise.all([ask('alice'), ask('bob'), ask('alice')])).toEqual([
    'alice',
    'bob',
    'alice',
  ])
})

describe('two clients of one page', () => {
  const platform = createFakePlatform(() => new Response())
  const queueFor = (options: Partial<AuthClientOptions> = {}) => {
    const base = { clientId: 'spa', authority: 'https://idp.example' }
    const config = readOptions({ ...base, ...options }, 'https://app.example')
    return interactionQueueOf({ config, platform }, async () => undefined)
  }

  /** Makes the same request twice, and returns both results. */
  async function answers(first: Partial<AuthClientOptions>, second: Partial<AuthClientOptions>) {
    const request = { scopes: ['read'], correlationId: platform.randomId() }
    return Promise.all([
      queueFor(first)('popup', request, async () => 'first'),
      queueFor(second)('popup', request, async () => 'second'),
    ])
  }

  test('join where they are the same client over the same store', async () => {
    expect(await answers({}, {})).toEqual(['first', 'first'])
  })

  test.each([
    ['another authority', { authority: 'https://other.example' }],
    ['another redirect URI', { redirectUri: '/callback' }],
    ['its own tokens, in memory', { cache: { location: 'memory' } }],
    ['its own tokens, in sessionStorage', { cache: { location: 'session' } }],
    ['its own store', { cache: { store: createMemoryStore() } }],
  ] as const)('do not join if one has %s, in any order', async (_what, options) => {
    expect(await answers({}, options)).toEqual(['first', 'second'])
    expect(await answers(options, {})).toEqual(['first', 'second'])
    if ('cache' in options) expect(await answers(options, options)).toEqual(['first', 'second'])
  })
})

describe('two copies of the library on one page', () => {
  const config = readOptions(
    { clientId: 'copies', authority: 'https://idp.example' },
    'https://app.example',
  )
  const platform = createFakePlatform(() => new Response())
  /** A copy with module variables of its own, and how often it read the store after another copy. */
  async function copyOfLibrary() {
    vi.resetModules()
    const copy: typeof import('./queue.ts') = await import('./queue.ts')
    const catchUp = vi.fn(async () => undefined)
    return { enqueue: copy.interactionQueueOf({ config, platform }, catchUp), catchUp }
  }

  test('share one interaction for equal requests, and the joined copy reads the store', async () => {
    const [first, second] = [await copyOfLibrary(), await copyOfLibrary()]
    const request = { scopes: ['read'] }
    const answers = await Promise.all([
      first.enqueue('popup', { ...request, correlationId: '1' }, async () => 'first'),
      second.enqueue('popup', { ...request, correlationId: '2' }, async () => 'second'),
    ])
    expect(answers).toEqual(['first', 'first'])
    expect(first.catchUp).not.toHaveBeenCalled()
    expect(second.catchUp).toHaveBeenCalledTimes(1)
  })

  test('let different requests wait for each other', async () => {
    const [first, second] = [await copyOfLibrary(), await copyOfLibrary()]
    const begun: string[] = []
    let finish = () => {}
    const running = first.enqueue('popup', { scopes: ['a'] } as object, () => {
      begun.push('a')
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    const waiting = second.enqueue('popup', { scopes: ['b'] } as object, async () => {
      begun.push('b')
    })
    await settled()
    expect(begun).toEqual(['a'])
    finish()
    await Promise.all([running, waiting])
    expect(begun).toEqual(['a', 'b'])
  })

  test('ignore an invalid value in the place of the queue', async () => {
    shareOnPage('queue1', config.mark, { enqueue: 'odd' })
    const { enqueue } = await copyOfLibrary()
    expect(await enqueue('popup', {}, async () => 'done')).toBe('done')
  })
})
