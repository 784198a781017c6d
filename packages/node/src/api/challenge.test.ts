import { AuthError, InteractionRequiredError } from '@carnet/core'
import { expect, test } from 'vitest'
import { toChallenge } from './challenge.ts'

const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })

test('a claims challenge reaches the client of the API', () => {
  const error = new InteractionRequiredError('mfa', 'More.', { scopes: [], claims })
  const challenge = toChallenge(error, 'shop')
  expect(challenge?.status).toBe(401)
  const header = challenge?.headers['www-authenticate'] ?? ''
  expect(header).toMatch(/^Bearer realm="shop", error="insufficient_claims", /)
  const [, encoded = ''] = /claims="([^"]+)"/.exec(header) ?? []
  expect(Buffer.from(encoded, 'base64').toString()).toBe(claims)
  expect(challenge?.headers['access-control-expose-headers']).toBe('WWW-Authenticate')
  const response = new Response(null, challenge)
  expect(response.headers.get('WWW-Authenticate')).toBe(header)
})

test('without claims the client must get a new token', () => {
  const error = new InteractionRequiredError('login', 'Expired.', { scopes: [] })
  expect(toChallenge(error)?.headers['www-authenticate']).toBe(
    'Bearer error="invalid_token", error_description="The user must sign in again"',
  )
})

test('claims that are too long for a header are left out, and a realm cannot add a header', () => {
  const long = JSON.stringify({ access_token: { x: { value: 'y'.repeat(7000) } } })
  const error = new InteractionRequiredError('claims', 'Long.', { scopes: [], claims: long })
  const header = toChallenge(error, 'a"\r\nset-cookie: b')?.headers['www-authenticate']
  expect(header).toBe(
    'Bearer realm="aset-cookie: b", error="invalid_token", error_description="The token lacks required claims"',
  )
})

test('errors that no user can solve have no challenge', () => {
  expect(toChallenge(new AuthError('server_error', 'Down.'))).toBeUndefined()
  expect(toChallenge(new Error('other'))).toBeUndefined()
})
