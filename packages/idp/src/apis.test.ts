import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const allScopes = 'openid calendar.read calendar.write mail.read mail.send'

test('each operation accepts a token for the common resource', async () => {
  const { access_token } = await app.signIn({ scope: allScopes })
  const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })
  const created = await app.api('calendar/events', access_token, post({ title: 'Dentist' }))
  expect(created.status).toBe(201)
  expect(await created.json()).toMatchObject({ title: 'Dentist', organizer: 'alice' })
  const events = await (await app.api('calendar/events', access_token)).text()
  expect(events).toContain('Dentist')
  const messages = await (await app.api('mail/messages', access_token)).text()
  expect(messages).toContain('Welcome, alice')
  const sent = await app.api('mail/send', access_token, post({ to: 'bob@example.com' }))
  expect(await sent.json()).toMatchObject({ to: 'bob@example.com', status: 'sent' })
})

test('a missing token, a missing scope and a token of the other API are refused', async () => {
  const none = await app.api('mail/messages')
  expect(none.status).toBe(401)
  expect(none.headers.get('www-authenticate')).toBe('Bearer')
  expect(none.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate')

  const calendar = await app.signIn({
    scope: 'openid calendar.read',
    resource: `${app.issuer}/calendar`,
  })
  expect((await app.api('calendar/events', calendar.access_token)).status).toBe(200)
  const write = await app.api('calendar/events', calendar.access_token, { method: 'POST' })
  expect(write.status).toBe(403)
  expect(write.headers.get('www-authenticate')).toMatch(
    /^Bearer error="insufficient_scope", .*scope="calendar\.write"$/,
  )
  const mail = await app.api('mail/messages', calendar.access_token)
  expect(mail.status).toBe(401)
  expect(mail.headers.get('www-authenticate')).toContain('the wrong aud')
})

test('expired, forged and foreign tokens are invalid', async () => {
  await app.control.changeSettings({ accessTokenLifetime: 3 })
  const { access_token = '' } = await app.signIn({ scope: 'openid mail.read' })
  expect((await app.api('mail/messages', access_token)).status).toBe(200)
  await expect
    .poll(async () => (await app.api('mail/messages', access_token)).status, { timeout: 6000 })
    .toBe(401)
  const expired = await app.api('mail/messages', access_token)
  expect(expired.headers.get('www-authenticate')).toBe(
    'Bearer error="invalid_token", error_description="the access token expired"',
  )

  const [header, payload] = access_token.split('.')
  const forged = await app.api('mail/messages', `${header}.${payload}.AAAA`)
  expect(forged.headers.get('www-authenticate')).toContain('error="invalid_token"')

  const other = await startApp({ settings: { consent: 'skip' } })
  const { access_token: foreign } = await other.signIn({ scope: 'openid mail.read' })
  expect((await other.api('mail/messages', foreign)).status).toBe(200)
  expect((await app.api('mail/messages', foreign)).status).toBe(401)
  await other.close()
}, 10_000)

test('an ID token is not accepted as an access token', async () => {
  const { id_token } = await app.signIn({ scope: 'openid mail.read' })
  expect((await app.api('mail/messages', id_token)).status).toBe(401)
})
