import { afterAll, beforeAll, expect, test } from 'vitest'
import { BadInput } from './model/bad-input.ts'
import { answerOf, startApp } from './testing/app.ts'
import { spa } from './testing/browser.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp()
  const { redirectUris } = spa
  await app.control.addClient({ clientId: 'narrow', redirectUris, oidcScopes: ['openid', 'email'] })
})
afterAll(() => app.close())

const ask = (scope: string, prompt?: string) =>
  app.browser().visit(app.authorizationUrl({ client_id: 'narrow', scope, prompt }))

test.each([
  ['openid profile', undefined],
  ['openid offline_access', 'consent'],
])('a client that may not ask for "%s" is refused with invalid_scope', async (scope, prompt) => {
  expect(answerOf(await ask(scope, prompt))).toMatchObject({ error: 'invalid_scope' })
})

test('scopes of an API and allowed identity scopes are accepted', async () => {
  expect((await ask('openid email calendar.read')).text).toContain('<title>Sign in</title>')
})

test('the option must be a list', async () => {
  const client = { clientId: 'x', redirectUris: spa.redirectUris, oidcScopes: 'openid' }
  await expect(app.control.addClient(client as never)).rejects.toThrow(BadInput)
})
