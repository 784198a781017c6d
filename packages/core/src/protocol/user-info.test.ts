import { describe, expect, test } from 'vitest'
import { AuthError } from '../errors/errors.ts'
import { allTextOf, base64url, jsonResponse } from '../testing/fakes.ts'
import type { VerifyIdToken } from './deps.ts'
import { createHttp } from './http.ts'
import { userInfo } from './user-info.ts'

const metadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
  userinfo_endpoint: 'https://idp.example/me',
}

async function ask(
  answer: (request: Request) => Response,
  of = metadata,
  verifyJwt: VerifyIdToken = async () => undefined,
) {
  const fetch: typeof globalThis.fetch = async (...request) => answer(new Request(...request))
  const http = createHttp({ fetch, timeoutMs: 1000 })
  return userInfo(
    's3cret-token',
    { sub: 'alice' },
    { metadata: of, clientId: 'spa', http, verifyJwt },
  )
}
const failureOf = (answer: Response) =>
  ask(() => answer).then(
    () => expect.fail('It did not reject.'),
    (error) => error,
  )

test('the claims of the owner are returned', async () => {
  const info = await ask(({ url, headers, method }) => {
    expect([method, url]).toEqual(['GET', metadata.userinfo_endpoint])
    expect(headers.get('authorization')).toBe('Bearer s3cret-token')
    return jsonResponse({ sub: 'alice', email: 'alice@example.com' })
  })
  expect(info).toEqual({ sub: 'alice', email: 'alice@example.com' })
})

describe('an invalid userinfo response is refused', () => {
  test.each([
    ['another subject', jsonResponse({ sub: 'mallory' })],
    ['no subject', jsonResponse({ email: 'alice@example.com' })],
    ['a subject that is no text', jsonResponse({ sub: ['alice'] })],
    ['a list', jsonResponse([{ sub: 'alice' }])],
    ['HTML', new Response('<p>sub: alice')],
    ['nothing', new Response('')],
  ])('%s', async (_what, answer) => {
    expect(await failureOf(answer)).toMatchObject({ code: 'invalid_response' })
  })

  test('a redirect', async () => {
    const answer = Response.redirect('https://evil.example/', 307)
    expect(await failureOf(answer)).toMatchObject({ code: 'intermediary_answered' })
  })
})

test('the error has the challenge, but not the token', async () => {
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

test('a provider without the endpoint causes an error', async () => {
  const { userinfo_endpoint: _, ...without } = metadata
  await expect(ask(() => jsonResponse({}), without as typeof metadata)).rejects.toMatchObject({
    code: 'userinfo_failed',
  })
})

describe('a signed JWT', () => {
  const jwtOf = (claims: object) => `${base64url({ alg: 'RS256' })}.${base64url(claims)}.signature`
  const answer = (jwt: string, type = 'application/jwt; charset=utf-8') =>
    new Response(jwt, { headers: { 'content-type': type } })
  const valid = { iss: 'https://idp.example', aud: 'spa', sub: 'alice', email: 'alice@example.com' }

  test.each(['application/jwt', 'text/plain'])('is read as %s', async (type) => {
    const verified: string[] = []
    const info = await ask(
      () => answer(jwtOf(valid), type),
      metadata,
      async (jwt) => {
        verified.push(jwt)
      },
    )
    expect(info).toEqual(valid)
    expect(verified).toEqual([jwtOf(valid)])
  })

  test('may leave out issuer and audience, and may name several audiences', async () => {
    const { iss: _, aud: __, ...claims } = valid
    expect(await ask(() => answer(jwtOf(claims)))).toEqual(claims)
    const several = { ...valid, aud: ['api', 'spa'] }
    expect(await ask(() => answer(jwtOf(several)))).toEqual(several)
  })

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }, 'issuer'],
    ['for another client', { aud: ['other'] }, 'client'],
    ['about another subject', { sub: 'mallory' }, 'another user'],
  ])('%s is refused', async (_what, change, named) => {
    const error = await failureOf(answer(jwtOf({ ...valid, ...change })))
    expect(error).toMatchObject({ code: 'invalid_response' })
    expect(error.message).toContain(named)
  })

  test('with encryption is refused with a clear message', async () => {
    const error = await failureOf(answer('a.b.c.d.e'))
    expect(error.message).toContain('JWE')
  })

  test('with a wrong signature is refused', async () => {
    const asking = ask(
      () => answer(jwtOf(valid)),
      metadata,
      async () => {
        throw new AuthError('invalid_id_token', 'its signature is wrong')
      },
    )
    await expect(asking).rejects.toMatchObject({ code: 'invalid_response' })
  })

  test('passes the failure on if the keys cannot be fetched', async () => {
    const asking = ask(
      () => answer(jwtOf(valid)),
      metadata,
      async () => {
        throw new AuthError('network_error', 'unreachable')
      },
    )
    await expect(asking).rejects.toMatchObject({ code: 'network_error' })
  })
})
