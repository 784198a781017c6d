import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createHttp } from './http.ts'

const URL_ = 'https://idp.example/token?x=secret'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A real server on this machine: some faults only exist on a wire. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const overTheWire = (timeoutMs = 2000) => createHttp({ fetch: globalThis.fetch, timeoutMs })
const answering = (respond: () => Response | Promise<Response>, timeoutMs = 2000) =>
  createHttp({ fetch: createFakePlatform(respond).fetch, timeoutMs })

test('a complete response has its status, for any status', async () => {
  const http = answering(() => new Response('no', { status: 400, headers: { 'x-a': 'b' } }))
  const { status, headers, body } = await http(URL_, { redirect: 'manual' })
  expect([status, headers.get('x-a'), body]).toEqual([400, 'b', 'no'])
})

test('no cookies, no cache, no referrer', async () => {
  const platform = createFakePlatform(() => new Response('{}'))
  const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
  await http(URL_, { method: 'POST', body: 'a=b', redirect: 'manual', credentials: 'include' })
  const [request] = platform.requests
  expect(request?.credentials).toBe('omit')
  expect(request?.cache).toBe('no-store')
  expect(request?.referrerPolicy).toBe('no-referrer')
  expect(request?.redirect).toBe('manual')
})

test('a character that is split between chunks arrives complete', async () => {
  const [first, second] = [new Uint8Array([0xc3]), new Uint8Array([0xa9])]
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(first)
      controller.enqueue(second)
      controller.close()
    },
  })
  expect((await answering(() => new Response(body))(URL_, { redirect: 'manual' })).body).toBe('é')
})

test('a server that never responds causes a timeout', async () => {
  const url = await serve(() => undefined)
  const error = await failureOf(overTheWire(50)(url, { redirect: 'manual' }))
  expect(error.code).toBe('timeout')
  expect(error.message).toContain('50 ms')
})

test('a slow body causes a timeout too', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const drip = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(drip))
  })
  expect((await failureOf(overTheWire(100)(url, { redirect: 'manual' }))).code).toBe('timeout')
})

test('the timeout works even if the `fetch` of the app ignores the signal', async () => {
  const dripping = () => new Response(new ReadableStream({ start() {} }))
  const outcome = answering(dripping, 50)(URL_, { redirect: 'manual' })
  expect((await failureOf(outcome)).code).toBe('timeout')
}, 1000)

test('a connection that is reset is a network error, and names the host only', async () => {
  const url = await serve((request) => request.socket.destroy())
  const error = await failureOf(overTheWire()(`${url}?code=secret`, { redirect: 'manual' }))
  expect(error.code).toBe('network_error')
  expect(error.message).not.toContain('secret')
})

test('a connection that is reset in the middle of the body is a network error', async () => {
  const url = await serve((request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"access', () => request.socket.destroy())
  })
  expect((await failureOf(overTheWire()(url, { redirect: 'manual' }))).code).toBe('network_error')
})

test('a redirect is not followed, because the request carries secrets', async () => {
  let stolen = ''
  const thief = await serve((request, response) => {
    request.on('data', (chunk) => {
      stolen += chunk
    })
    response.end('{}')
  })
  const url = await serve((_request, response) => {
    response.writeHead(307, { location: thief })
    response.end()
  })
  const call = overTheWire()(url, { method: 'POST', body: 'code=secret', redirect: 'manual' })
  const error = await failureOf(call)
  expect(error.code).toBe('intermediary_answered')
  expect(error.message).toContain('redirect')
  expect(stolen).toBe('')
})

test('a redirect of a public document is followed', async () => {
  const url = await serve((request, response) => {
    if (request.url?.endsWith('/')) return void response.end('{"a":1}')
    response.writeHead(301, { location: `${request.url}/` })
    response.end()
  })
  expect((await overTheWire()(`${url}x`, { redirect: 'follow' })).body).toBe('{"a":1}')
})

test('a body of one megabyte is read, and a larger body is refused', async () => {
  const limit = 1024 * 1024
  const sized = (bytes: number) =>
    answering(() => new Response('x'.repeat(bytes)))(URL_, { redirect: 'manual' })
  expect((await sized(limit)).body).toHaveLength(limit)
  expect((await failureOf(sized(limit + 1))).code).toBe('invalid_response')
})

test('a body without an end is refused before it fills the memory', async () => {
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1
      controller.enqueue(new Uint8Array(64 * 1024))
    },
  })
  const error = await failureOf(
    answering(() => new Response(endless))(URL_, { redirect: 'manual' }),
  )
  expect(error.code).toBe('invalid_response')
  expect(sent).toBeLessThan(40)
})

test('a response without a body has an empty text', async () => {
  const http = answering(() => new Response(null, { status: 204 }))
  expect((await http(URL_, { redirect: 'manual' })).body).toBe('')
})
