import type { App } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

/** Sets the `scope` of the token responses. `null` removes it. */
const names = (app: App, scope: string | null, count = 1) =>
  app.idp.control.addFault({
    endpoint: 'token',
    count,
    fault: { kind: 'tokenResponse', set: { scope } },
  })

const stateOf = (app: App, scope: string) =>
  app.page.evaluate(async (name) => {
    const records = await window.auth.consent.entries()
    return records.map(({ entries }) => entries[name]?.state)[0]
  }, scope)

for (const [what, scope] of [
  ['repeats none of the scopes of an API', 'openid profile'],
  ['names one scope without `openid`', 'calendar.read'],
  ['renames all scopes', 'openid one two'],
] as const) {
  story(`A provider that ${what} declines no scope, and silent renewal works`, async ({ app }) => {
    await names(app, scope, 3)
    await app.isSignedIn({ scopes: ['calendar.read', 'mail.read'] })
    const wanted = ['calendar.read', 'mail.read']
    expect((await app.asks(wanted)).answer).toMatchObject({ fromCache: true, declinedScopes: [] })
    expect(await stateOf(app, 'mail.read')).toBe('unknown')

    await app.jumps(HOUR_MS)
    expect((await app.asks(wanted)).answer).toMatchObject({ fromCache: false, declinedScopes: [] })
    // An unknown scope does not cause a refresh at every call.
    expect((await app.asks(wanted)).answer?.fromCache).toBe(true)
    expect((await app.asks(['mail.read'])).answer?.fromCache).toBe(true)
  })
}

story('A token response without `scope` grants the requested scopes', async ({ app }) => {
  await names(app, null, 2)
  await app.isSignedIn({ scopes: ['calendar.read'] })
  expect(await stateOf(app, 'calendar.read')).toBe('granted')
  const { answer } = await app.asks(['calendar.read'])
  expect(answer?.scopes).toEqual(expect.arrayContaining(['calendar.read', 'openid', 'profile']))
})

story('A refresh response without `scope` grants no additional scope', async ({ app }) => {
  await sendsTokenRequestsItself(app.page)
  await app.isSignedIn({ scopes: ['calendar.read'] })
  // The provider reduces the scope to the granted scopes, as RFC 6749 section 6 allows.
  await app.page.route('**/token', async (route) => {
    const body = new URLSearchParams(route.request().postData() ?? '')
    if (body.has('scope')) body.set('scope', 'openid calendar.read')
    const response = await route.fetch({ postData: body.toString() })
    const { scope: _, ...answer } = await response.json()
    await route.fulfill({ response, json: answer })
  })
  await app.idp.control.endSessions()
  const { error } = await app.asks(['mail.read'])
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'consent' })
  expect(await stateOf(app, 'mail.read')).not.toBe('granted')
  // The granted scopes still renew.
  expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(false)
})

story('The result includes the granted scopes of OpenID Connect', async ({ app }) => {
  await app.isSignedIn({ scopes: ['email', 'calendar.read'] })
  const { answer } = await app.asks(['calendar.read'])
  expect(answer?.scopes).toEqual(['calendar.read', 'email', 'offline_access', 'openid', 'profile'])
  await app.jumps(HOUR_MS)
  const later = await app.asks(['calendar.read'])
  expect(later.answer?.scopes).toEqual(expect.arrayContaining(['calendar.read', 'email', 'openid']))
})

story("`prompt: 'consent'` requests a declined scope again", async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', { scopes: ['calendar.read', 'mail.send'] })
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page, ['Send mail in your name'])
  await app.returnsTo()
  await app.starts()
  const wanted = { scopes: ['calendar.read', 'mail.send'] }
  expect((await app.calls('acquireToken', wanted)).answer).toMatchObject({
    fromCache: true,
    declinedScopes: ['mail.send'],
  })
  const again = { ...wanted, prompt: 'consent', interaction: 'popup' as const }
  const { popup, outcome } = await app.opensPopupBy('acquireToken', again)
  await allowAtProvider(popup)
  expect((await outcome).answer).toMatchObject({ fromCache: false, declinedScopes: [] })
  // All scopes are granted now, so the cache answers the same request.
  expect((await app.calls('acquireToken', again)).answer?.fromCache).toBe(true)
})
