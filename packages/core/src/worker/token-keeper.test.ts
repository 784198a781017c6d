import { describe, expect, test } from 'vitest'
import { createHttp } from '../protocol/http.ts'
import { jsonResponse } from '../testing/fakes.ts'
import { createTokenKeeper, isHandle, type KeptRequest } from './token-keeper.ts'

const ENDPOINT = 'https://idp.example/token'
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

/** A keeper, and the requests that left it. */
function setUp() {
  const world = {
    seen: [] as { url: string; fields: Record<string, string> }[],
    respond: (_fields: Record<string, string>): Response =>
      jsonResponse({ access_token: 'access-1', refresh_token: 's3cret-1' }),
  }
  const fetch: typeof globalThis.fetch = async (...input) => {
    const request = new Request(...input)
    const fields = Object.fromEntries(new URLSearchParams(await request.text()))
    world.seen.push({ url: request.url, fields })
    return world.respond(fields)
  }
  let ids = 0
  const randomId = () => `id-${++ids}`
  const http = createHttp({ fetch, timeoutMs: 1000 })
  const keep = createTokenKeeper({ randomId })
  const send = (request: KeptRequest) => keep(request, http)
  const redeem = () =>
    send({
      url: ENDPOINT,
      headers: [],
      body: form({ grant_type: 'authorization_code', code: 'c' }),
    })
  const refresh = (token: string, url = ENDPOINT) =>
    send({ url, headers: [], body: form({ grant_type: 'refresh_token', refresh_token: token }) })
  const revoke = (token: string, url: string) => send({ url, headers: [], body: form({ token }) })
  return { world, redeem, refresh, revoke }
}

const refreshTokenIn = ({ body }: { body: string }) =>
  (JSON.parse(body) as { refresh_token?: string }).refresh_token ?? ''

test('a code gives a handle, and the other fields unchanged', async () => {
  const { redeem } = setUp()
  const answer = await redeem()
  expect(JSON.parse(answer.body)).toEqual({
    access_token: 'access-1',
    refresh_token: answer.handle,
  })
  expect(isHandle(answer.handle ?? '')).toBe(true)
  expect(answer.body).not.toContain('s3cret')
})

describe('a handle', () => {
  test('is replaced by its token in a request; a rotated token has another handle', async () => {
    const { world, redeem, refresh } = setUp()
    const first = refreshTokenIn(await redeem())
    world.respond = () => jsonResponse({ access_token: 'access-2', refresh_token: 's3cret-2' })
    const second = refreshTokenIn(await refresh(first))
    expect(world.seen.at(-1)?.fields.refresh_token).toBe('s3cret-1')
    expect(isHandle(second)).toBe(true)
    expect(second).not.toBe(first)
    await refresh(second)
    expect(world.seen.at(-1)?.fields.refresh_token).toBe('s3cret-2')
    expect((await refresh(first)).status).toBe(400)
    expect(world.seen).toHaveLength(3)
  })

  test('stays the same if the provider does not rotate', async () => {
    const { world, redeem, refresh } = setUp()
    const handle = refreshTokenIn(await redeem())
    world.respond = () => jsonResponse({ access_token: 'access-2' })
    expect(refreshTokenIn(await refresh(handle))).toBe(handle)
    world.respond = () => jsonResponse({ access_token: 'access-3', refresh_token: 's3cret-1' })
    expect(refreshTokenIn(await refresh(handle))).toBe(handle)
    world.respond = () => jsonResponse({ access_token: 'access-4', refresh_token: '' })
    expect(refreshTokenIn(await refresh(handle))).toBe(handle)
  })

  test.each([
    'https://evil.example/token',
    'https://idp.example/echo',
    'https://idp.example/token?x',
    'http://idp.example/token',
  ])('is not replaced by its token in a request to %s', async (url) => {
    const { world, redeem, refresh } = setUp()
    const handle = refreshTokenIn(await redeem())
    expect(JSON.parse((await refresh(handle, url)).body)).toMatchObject({ error: 'invalid_grant' })
    expect(world.seen).toHaveLength(1)
  })

  test('comes back with the answer to an earlier request, and both stay as they are', async () => {
    const { world, redeem, refresh } = setUp()
    const first = refreshTokenIn(await redeem())
    world.respond = () => jsonResponse({ access_token: 'access-2', refresh_token: 's3cret-2' })
    const second = refreshTokenIn(await refresh(first))
    world.respond = () => jsonResponse({ access_token: 'access-1', refresh_token: 's3cret-1' })
    expect(refreshTokenIn(await refresh(second))).toBe(first)
    expect((await refresh(first)).status).toBe(400)
    world.respond = () => jsonResponse({ access_token: 'access-3', refresh_token: 's3cret-3' })
    await refresh(second)
    expect(world.seen.at(-1)?.fields.refresh_token).toBe('s3cret-2')
  })

  test('is revoked at the origin that issued it, and nowhere else', async () => {
    const { world, redeem, revoke } = setUp()
    const handle = refreshTokenIn(await redeem())
    expect((await revoke(handle, 'https://evil.example/revoke')).status).toBe(400)
    expect(world.seen).toHaveLength(1)
    world.respond = () => new Response('')
    expect((await revoke(handle, 'https://idp.example/revoke')).status).toBe(200)
    expect(world.seen.at(-1)?.fields.token).toBe('s3cret-1')
  })

  test('of another keeper is refused', async () => {
    const { world, refresh } = setUp()
    const { redeem } = setUp()
    expect((await refresh(refreshTokenIn(await redeem()))).status).toBe(400)
    expect(world.seen).toEqual([])
  })
})

test('equal tokens of two providers have two handles', async () => {
  const { world, redeem, refresh } = setUp()
  const first = refreshTokenIn(await redeem())
  const other = 'https://other.example/token'
  const second = refreshTokenIn(await refresh('s3cret-1', other))
  expect(second).not.toBe(first)
  await refresh(second, other)
  expect(world.seen.at(-1)).toMatchObject({ url: other, fields: { refresh_token: 's3cret-1' } })
  await refresh(first)
  expect(world.seen.at(-1)).toMatchObject({ url: ENDPOINT, fields: { refresh_token: 's3cret-1' } })
})

test('the worker takes over a token of the page at its next use', async () => {
  const { world, refresh } = setUp()
  world.respond = () => jsonResponse({ access_token: 'access-2' })
  const { body, handle } = await refresh('s3cret-0')
  expect(world.seen[0]?.fields.refresh_token).toBe('s3cret-0')
  expect(body).not.toContain('s3cret')
  expect(refreshTokenIn({ body })).toBe(handle)
})

test.each([
  ['refuses', { error: 'invalid_grant', error_description: 'Unknown: s3cret-1' }, 400],
  ['repeats it elsewhere', { access_token: 'a', refresh_token: 's3cret-2', was: 's3cret-1' }, 200],
  ['fails', { trace: ['s3cret-1'] }, 500],
])(
  'if a provider %s and its response contains a token, the page does not get the token',
  async (_what, body, status) => {
    const { world, redeem, refresh } = setUp()
    const handle = refreshTokenIn(await redeem())
    world.respond = () => jsonResponse(body, status)
    const answer = await refresh(handle)
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain('s3cret')
  },
)

test('a refused token is kept: the caller decides', async () => {
  const { world, redeem, refresh } = setUp()
  const handle = refreshTokenIn(await redeem())
  world.respond = () => new Response('', { status: 503 })
  expect((await refresh(handle)).status).toBe(503)
  await refresh(handle)
  expect(world.seen.at(-1)?.fields.refresh_token).toBe('s3cret-1')
})
