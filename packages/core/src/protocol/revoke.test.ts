import { expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'
import { allTextOf, jsonResponse } from '../testing/fakes.ts'
import { createHttp } from './http.ts'
import { revoke } from './revoke.ts'

const metadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
  revocation_endpoint: 'https://idp.example/revoke',
}

const failureOf = (answer: Response) =>
  revoke('s3cret', {
    metadata,
    authority: metadata.issuer,
    dialect: DIALECTS.oidc,
    clientId: 'spa',
    http: createHttp({ fetch: async () => answer, timeoutMs: 1000 }),
    now: () => 0,
    trueTimeMs: async () => undefined,
  }).then(
    () => expect.fail('It did not reject.'),
    (error) => error,
  )

test('a provider that refuses a revocation is quoted, without the token', async () => {
  const body = { error: 'unsupported_token_type', error_description: 'Not for s3cret.' }
  const failure = await failureOf(jsonResponse(body, 400))
  const oauth = { error: 'unsupported_token_type', description: 'Not for (secret).' }
  expect(failure).toMatchObject({ code: 'revocation_failed', oauth })
  expect(allTextOf(failure)).not.toContain('s3cret')
})

test('an answer without an error has its status', async () => {
  const failure = await failureOf(new Response('<p>Gone</p>', { status: 503 }))
  expect(failure).toMatchObject({ code: 'revocation_failed', oauth: undefined })
  expect(failure.message).toContain('503')
})
