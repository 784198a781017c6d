import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
afterAll(() => app.close())

const ours = 'http://localhost:5173'
const foreign = 'http://evil.test'
const allowedOrigin = ({ headers }: Response) => headers.get('access-control-allow-origin')

const readable = [
  '/.well-known/openid-configuration',
  '/jwks',
  '/token',
  '/token/revocation',
  '/me',
  '/api/mail/messages',
]

test.each(readable)('only the app can read %s', async (path) => {
  const isPost = path.startsWith('/token')
  const get = (origin: string) =>
    fetch(app.issuer + path, {
      method: isPost ? 'POST' : 'GET',
      headers: { origin },
      ...(isPost && { body: new URLSearchParams({ client_id: 'spa' }) }),
    })
  const answer = await get(ours)
  expect(allowedOrigin(answer)).toBe(ours)
  expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After')
  expect(allowedOrigin(await get(foreign))).toBeNull()

  const preflight = (origin: string) =>
    fetch(app.issuer + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
  const allowed = await preflight(ours)
  expect(allowedOrigin(allowed)).toBe(ours)
  expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization')
  expect(allowedOrigin(await preflight(foreign))).toBeNull()
})

test('the origin of one client cannot redeem codes of another client', async () => {
  app.addClient({ clientId: 'other', redirectUris: ['http://other.localhost:8080/callback'] })
  const { refresh_token = '' } = await app.signIn()
  const response = await fetch(`${app.issuer}/token`, {
    method: 'POST',
    headers: { origin: 'http://other.localhost:8080' },
    body: new URLSearchParams({ client_id: 'spa', grant_type: 'refresh_token', refresh_token }),
  })
  expect(response.status).toBe(400)
  expect(allowedOrigin(response)).toBeNull()
  expect((await app.refresh(refresh_token)).status).toBe(200)
})
