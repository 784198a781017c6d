import { isAuthError } from '@carnet/core'
import type { Http } from '@carnet/core/keeper'
import { expect, test, vi } from 'vitest'
import { createCustody } from './custody.ts'
import { createKeeper } from './keeper.ts'
import { openLine, openServiceLine } from './line.ts'

const TOKEN_URL = 'https://login.example.com/token'
const form = (fields: Record<string, string>) =>
  ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }) as const

/** A real worker, created from its message handler. */
const workerThat = (answers: string) => () => {
  const script = `${answers}; postMessage({ type: 'ready' })`
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  return new Worker(url)
}
const answersWith = (more: string) =>
  workerThat(`onmessage = ({ data: { id, request } }) => postMessage(${more})`)

function keeperBy(createWorker: () => Worker, timeoutMs = 5000) {
  const asked: string[] = []
  const http: Http = async (url) => {
    asked.push(url)
    return { status: 200, headers: new Headers(), body: 'by the page' }
  }
  const onUnavailable = vi.fn<(cause: unknown) => void>()
  return {
    asked,
    onUnavailable,
    keeper: createKeeper({
      ...{ http, timeoutMs, onUnavailable, keeps: true, isShared: false },
      connect: (hear) => openLine(createWorker, hear),
    }),
  }
}

test('a token request goes through the worker, and its handle is known from then on', async () => {
  const { keeper, asked } = keeperBy(
    answersWith(`{ type: 'answer', id, answer: {
      status: 201, headers: [['x-body', request.body], ['x-seen', request.headers.join()]], body: 'by the worker',
      handle: 'carnet-kept.1' } }`),
  )
  expect(await keeper.holds('carnet-kept.1')).toBe(false)
  const answer = await keeper.http(TOKEN_URL, {
    ...form({ grant_type: 'refresh_token' }),
    headers: { accept: 'application/json' },
  })
  expect(answer).toMatchObject({ status: 201, body: 'by the worker' })
  expect(answer.headers.get('x-body')).toBe('grant_type=refresh_token')
  expect(answer.headers.get('x-seen')).toBe('accept,application/json')
  expect(await keeper.holds('carnet-kept.1')).toBe(true)
  expect(await keeper.holds('carnet-kept.2')).toBe(false)
  expect(await keeper.holds('a refresh token in clear')).toBe(true)
  expect(asked).toEqual([])
  keeper.close()
})

test('a request without a form has no refresh token, and needs no worker', async () => {
  const createWorker = vi.fn(answersWith('{}'))
  const { keeper, asked } = keeperBy(createWorker)
  await keeper.http(TOKEN_URL, { redirect: 'follow' })
  expect(asked).toEqual([TOKEN_URL])
  expect(createWorker).not.toHaveBeenCalled()
})

test('responses are matched to requests, in any order', async () => {
  const { keeper } = keeperBy(
    workerThat(`const held = []
      onmessage = ({ data }) => { held.push(data); if (held.length === 2) for (const { id, request } of held.reverse())
        postMessage({ type: 'answer', id, answer: { status: 200, headers: [], body: request.body } }) }`),
  )
  const bodies = await Promise.all(
    ['one', 'two'].map(async (name) => (await keeper.http(TOKEN_URL, form({ name }))).body),
  )
  expect(bodies).toEqual(['name=one', 'name=two'])
  keeper.close()
})

test('a failure in the worker is an error with its code in the page', async () => {
  const { keeper } = keeperBy(
    answersWith(`{ type: 'failure', id, code: 'network_error', message: 'It was not reached.' }`),
  )
  const error = await keeper.http(TOKEN_URL, form({})).catch((thrown: unknown) => thrown)
  expect(isAuthError(error, 'network_error')).toBe(true)
  expect(error).toMatchObject({ message: expect.stringContaining('It was not reached.') })
  keeper.close()
})

test('the wait for a worker is no longer than the timeout of the request', async () => {
  const { keeper } = keeperBy(workerThat('onmessage = () => {}'), 1)
  const error = await keeper.http(TOKEN_URL, form({})).catch((thrown: unknown) => thrown)
  expect(isAuthError(error, 'worker_unresponsive')).toBe(true)
  keeper.close()
})

const missing = [
  [
    'cannot be created',
    () => {
      throw new Error('forbidden')
    },
  ],
  ['does not parse', workerThat('this is no script')],
  ['has no file', () => new Worker(`/nowhere-${crypto.randomUUID()}.js`)],
] as const

for (const [why, createWorker] of missing)
  test(`a worker that ${why}: the page sends the request, and is notified once`, async () => {
    const { keeper, asked, onUnavailable } = keeperBy(createWorker)
    const bodies = await Promise.all(
      [1, 2].map(async () => (await keeper.http(TOKEN_URL, form({}))).body),
    )
    expect(bodies).toEqual(['by the page', 'by the page'])
    await keeper.http(TOKEN_URL, form({}))
    expect(asked).toHaveLength(3)
    expect(onUnavailable).toHaveBeenCalledOnce()
    expect(onUnavailable.mock.calls[0]?.[0]).toBeInstanceOf(Error)
  })

test('a service worker that is never registered fails within its limit', async () => {
  const opening = openServiceLine(
    () => new Promise(() => undefined),
    () => undefined,
    20,
  )
  await expect(opening).rejects.toThrow('did not answer within 20 ms')
})

test('without a worker the page can redeem plain tokens, but no old handles', async () => {
  const onUnavailable = vi.fn()
  const config = { fetch, requestTimeoutMs: 1000, tokens: 'page', tokenWorker: undefined } as const
  const custody = createCustody(config, onUnavailable)
  expect(await custody.holds('a refresh token')).toBe(true)
  expect(await custody.holds('carnet-kept.1')).toBe(false)
  custody.close()
  expect(onUnavailable).not.toHaveBeenCalled()
})

test('with a worker, a handle can be redeemed after the worker issued it', async () => {
  const config = {
    fetch,
    requestTimeoutMs: 1000,
    tokens: 'worker',
    tokenWorker: answersWith(
      `{ type: 'answer', id, answer: { status: 200, headers: [], body: '', handle: 'carnet-kept.9' } }`,
    ),
  } as const
  const custody = createCustody(config, vi.fn())
  expect(await custody.holds('carnet-kept.9')).toBe(false)
  await custody.tokenHttp(TOKEN_URL, form({}))
  expect(await custody.holds('carnet-kept.9')).toBe(true)
  expect(await custody.holds('a refresh token')).toBe(true)
  custody.close()
})
