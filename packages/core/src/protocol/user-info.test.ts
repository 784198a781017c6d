import { describe, expect, test } from 'vitest'
import { allTextOf, jsonResponse } from '../testing/index.ts'
import { createHttp } from './http.ts'
import { userInfo } from './user-info.ts'

const metadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
  userinfo_endpoint: 'https://idp.example/me',
}

async function ask(answer: (request: Request) => Response, of = metadata) {
  const fetch: typeof globalThis.fetch = async (...request) => answer(new Request(...request))
  const http = createHttp({ fetch, timeoutMs: 1000 })
  return userInfo('s3cret-token', { sub: 'alice' }, { metadata: of, http })
}
const failureOf = (answer: Response) =>
  ask(() => answer).then(
    () => expect.fail('It did not reject.'),
    (error) => error,
  )

test('the owner of the token is told of', async () => {
  const info = await ask(({ url, headers, method }) => {
    expect([method, url]).toEqual(['GET', metadata.userinfo_endpoint])
    expect(headers.get('authorization')).toBe('Bearer s3cret-token')
    return jsonResponse({ sub: 'alice', email: 'alice@example.com' })
  })
  expect(info).toEqual({ sub: 'alice', email: 'alice@example.com' })
})

describe('what is not about the owner is refused', () => {
  test.each([
    ['another subject', jsonResponse({ sub: 'mallory' })],
    ['no subject', jsonResponse({ email: 'alice@example.com' })],
    ['a subject that is no text', jsonResponse({ sub: ['alice'] })],
    ['a list', jsonResponse([{ sub: 'alice' }])],
    ['HTML', new Response('<p>sub: alice')],
    ['nothing', new Response('')],
    ['a redirect', Response.redirect('https://evil.example/', 307)],
  ])('%s', async (_what, answer) => {
    expect(await failureOf(answer)).toMatchObject({ code: 'invalid_response' })
  })
})

test('a challenge is told, and the token is not', async () => {
  const headers = {
    'www-authenticate': 'Bearer error="invalid_token", error_description="s3cret-token ended"',
  }
  const error = await failureOf(new Response('s3cret-token', { status: 401, headers }))
  expect(error).toMatchObject({
    code: 'userinfo_failed',
    oauth: { error: 'invalid_token', description: '(secret) ended' },
  })
  expect(allTextOf(error)).not.toContain('s3cret')
})

test('a provider without the endpoint is told of', async () => {
  const { userinfo_endpoint: _, ...without } = metadata
  await expect(ask(() => jsonResponse({}), without as typeof metadata)).rejects.toMatchObject({
    code: 'userinfo_failed',
  })
})
