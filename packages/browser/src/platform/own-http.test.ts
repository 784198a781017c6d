import { isAuthError } from '@carnet/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOwnHttp } from './own-http.ts'

afterEach(() => void vi.unstubAllGlobals())

const url = 'https://idp.example/token'
const fails: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'))
const hangs: typeof fetch = () => new Promise(() => undefined)
const get = { redirect: 'follow' } as const
const post = { method: 'POST', redirect: 'manual' } as const

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(String(error))),
  )

/** A page with a policy that blocks the request of `fetch`. */
function refusing(violation: Partial<SecurityPolicyViolationEvent>): typeof fetch {
  const target = new EventTarget()
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target))
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target))
  return (...request) => {
    // The browser reports it after the failure.
    setImmediate(() =>
      target.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), violation)),
    )
    return fails(...request)
  }
}

describe('a browser that reports that it is offline', () => {
  test('does not count if a response arrives', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    const http = createOwnHttp({ fetch: async () => new Response('ok'), timeoutMs: 1000 })
    expect((await http(url, post)).body).toBe('ok')
    expect((await http(url, get)).body).toBe('ok')
  })

  test.each([
    ['fails', fails, get],
    ['never comes', hangs, get],
    ['fails', fails, post],
    ['never comes', hangs, post],
  ])('counts if the response %s', async (_what, fetch, init) => {
    vi.stubGlobal('navigator', { onLine: false })
    const error = await failureOf(createOwnHttp({ fetch, timeoutMs: 20 })(url, init))
    expect(error.code).toBe('offline')
    expect(isAuthError(error.cause)).toBe(true)
  })

  test('shortens the wait, unless a late response would be lost', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('navigator', { onLine: false })
    const http = createOwnHttp({ fetch: hangs, timeoutMs: 60_000 })
    const [getting, posting] = [http(url, get), http(url, post)]
    const settled: string[] = []
    getting.catch(() => settled.push('get'))
    posting.catch(() => settled.push('post'))
    await vi.advanceTimersByTimeAsync(3000)
    expect(settled).toEqual(['get'])
    await vi.advanceTimersByTimeAsync(57_000)
    expect(settled).toEqual(['get', 'post'])
    vi.useRealTimers()
  })

  test('does not change the response of a server', async () => {
    vi.stubGlobal('navigator', { onLine: false })
    const moved = async () => Response.redirect('https://idp.example/', 307)
    const error = await failureOf(createOwnHttp({ fetch: moved, timeoutMs: 1000 })(url, post))
    expect(error.code).toBe('intermediary_answered')
  })
})

test('online, a failure of the network is a network_error', async () => {
  vi.stubGlobal('navigator', { onLine: true })
  const error = await failureOf(createOwnHttp({ fetch: fails, timeoutMs: 1000 })(url, get))
  expect(error.code).toBe('network_error')
})

describe('the Content-Security-Policy of the page', () => {
  const refusal = {
    effectiveDirective: 'connect-src',
    disposition: 'enforce',
    blockedURI: url,
  } as const

  test('is in the error if it blocked the request', async () => {
    const fetch = refusing(refusal)
    const error = await failureOf(createOwnHttp({ fetch, timeoutMs: 1000 })(url, post))
    expect(error.code).toBe('blocked_by_csp')
    expect(error.message).toContain('connect-src')
    expect(error.message).toContain('https://idp.example')
  })

  test.each([
    ['only reports', { ...refusal, disposition: 'report' as const }],
    ['refused another request', { ...refusal, blockedURI: 'https://ads.example/' }],
    ['refused a frame', { ...refusal, effectiveDirective: 'frame-src' }],
  ])('is not in the error if it %s', async (_what, violation) => {
    const fetch = refusing(violation)
    const error = await failureOf(createOwnHttp({ fetch, timeoutMs: 1000 })(url, post))
    expect(error.code).toBe('network_error')
  })
})
