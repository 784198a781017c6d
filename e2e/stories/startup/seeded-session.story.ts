import { seedSession } from '@carnet/browser/testing/playwright'
import { expect, story } from '../../world.ts'

story('A test of an app starts with a seeded session and its token', async ({ app, world }) => {
  await seedSession(app.page, {
    clientId: 'spa',
    authority: world.idp.issuer,
    account: { sub: 'dora', name: 'Dora Dean', preferred_username: 'dora@example.com' },
    tokens: [
      { scopes: ['calendar.read'], accessToken: 'seeded' },
      { scopes: ['mail.read'], accessToken: 'stale', expiresIn: -10 },
    ],
  })
  await app.page.reload()

  expect((await app.starts()).answer?.username).toBe('dora@example.com')
  const { answer } = await app.asks(['calendar.read'])
  expect(answer).toMatchObject({ accessToken: 'seeded', fromCache: true })
  expect(answer?.account.name).toBe('Dora Dean')
  expect((await app.starts({ silent: { iframe: false } })).error).toBeUndefined()
  expect((await app.asks(['mail.read'])).error).toMatchObject({ reason: 'no_tokens' })
  expect((await app.requests()).token).toBe(0)
})
