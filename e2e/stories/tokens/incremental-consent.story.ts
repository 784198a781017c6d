import { seedSession } from '@carnet/browser/testing/playwright'
import type { App } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

const plan = ({ page }: App, scopes: readonly string[]) =>
  page.evaluate(async (asked) => {
    const plans = await window.auth.consent.plan(asked)
    return plans.map(({ status }) => status)
  }, scopes)

/** Signs Alice in with few scopes. */
async function aliceWithLittle(app: App): Promise<void> {
  await app.starts()
  await app.leavesBy('signIn')
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.returnsTo()
  await app.starts()
}

/** Requests more scopes by popup. Alice may decline some of them. */
async function asksInWindow(app: App, scopes: readonly string[], decline: readonly string[] = []) {
  const { popup, outcome } = await app.opensPopupBy('acquireToken', {
    scopes,
    interaction: 'popup',
  })
  await allowAtProvider(popup, decline)
  return outcome
}

story(
  'Alice signs in with few scopes, and consents to the calendar when she opens it',
  async ({ app }) => {
    await aliceWithLittle(app)
    expect(await plan(app, ['calendar.read'])).toEqual(['prompt'])
    const { error } = await app.asks(['calendar.read'])
    expect(error).toMatchObject({ code: 'interaction_required', reason: 'consent' })
    const handed = await app.page.evaluate(() =>
      window.auth
        .acquireTokenSilent({ scopes: ['calendar.read'] })
        .catch((failure) => failure.request),
    )
    expect(handed).toMatchObject({ scopes: ['calendar.read'], loginHint: 'alice@example.com' })

    const { answer } = await asksInWindow(app, ['calendar.read'])
    expect(answer).toMatchObject({ scopes: granted('calendar.read'), declinedScopes: [] })
    expect(await plan(app, ['calendar.read'])).toEqual(['cached'])
  },
)

story('A remembered refusal keeps silent calls away from the provider', async ({ app }) => {
  await aliceWithLittle(app)
  for (let call = 0; call < 3; call++)
    expect((await app.asks(['mail.read'])).error).toMatchObject({ reason: 'consent' })
  // The iframe learned it once. No refresh asked for more scopes than its grant names.
  expect((await app.requests()).refresh_token ?? 0).toBe(0)
  expect((await app.requests()).authorization).toBe(2)
})

story(
  'Consent to mail after the calendar: both tokens stay, and both renew silently',
  async ({ app }) => {
    await aliceWithLittle(app)
    await asksInWindow(app, ['calendar.read'])
    await asksInWindow(app, ['mail.read'])
    expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(true)
    expect((await app.asks(['mail.read'])).answer?.fromCache).toBe(true)

    await app.jumps(HOUR_MS)
    expect(await plan(app, ['calendar.read'])).toEqual(['silent'])
    expect((await app.asks(['calendar.read'])).answer).toMatchObject({ fromCache: false })
    expect((await app.asks(['mail.read'])).answer).toMatchObject({ scopes: granted('mail.read') })
  },
)

story('A token with more scopes answers a request for fewer scopes', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read', 'calendar.write', 'mail.read'] })
  const before = (await app.requests()).token
  for (const scopes of [['calendar.read'], ['mail.read', 'calendar.write'], ['mail.read']])
    expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
  expect((await app.requests()).token).toBe(before)
})

story('A declined scope is not requested silently, and can be requested again', async ({ app }) => {
  await aliceWithLittle(app)
  const { answer } = await asksInWindow(
    app,
    ['calendar.read', 'mail.send'],
    ['Send mail in your name'],
  )
  expect(answer).toMatchObject({
    scopes: granted('calendar.read'),
    declinedScopes: ['mail.send'],
  })
  expect(await plan(app, ['calendar.read'])).toEqual(['cached'])
  expect(await plan(app, ['mail.send'])).toEqual(['declined'])

  const before = (await app.requests()).token
  for (const scopes of [['mail.send'], ['calendar.read', 'mail.send']])
    expect((await app.asks(scopes)).answer).toMatchObject({
      fromCache: true,
      declinedScopes: ['mail.send'],
    })
  expect((await app.requests()).token).toBe(before)

  const entries = await app.page.evaluate(() => window.auth.consent.entries())
  expect(Object.values(entries[0]?.entries ?? {})).toMatchObject([
    { scope: 'calendar.read', state: 'granted' },
    { scope: 'mail.send', state: 'declined' },
  ])

  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', {
    scopes: ['mail.send'],
  })
  await allowAtProvider(popup)
  expect((await outcome).answer?.declinedScopes).toEqual([])
  expect(await plan(app, ['mail.send'])).toEqual(['cached'])
})

story('The consent plan makes no request', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.resetStats()
  await app.page.reload()
  await app.starts()
  expect(await plan(app, ['calendar.read'])).toEqual(['cached'])
  expect(await plan(app, ['mail.read'])).toEqual(['prompt'])
  const { discovery, authorization, token } = await app.requests()
  expect([discovery, authorization, token]).toEqual([0, 0, 0])
})

story(
  'The right token is found among 5,000 other tokens, without a request',
  async ({ app, world }) => {
    const others = Array.from({ length: 5000 }, (_, index) => ({ scopes: [`other.${index}`] }))
    await seedSession(app.page, {
      clientId: 'spa',
      authority: world.idp.issuer,
      account: { sub: 'alice' },
      tokens: [...others, { scopes: ['calendar.read', 'mail.read'], accessToken: 'the one' }],
    })
    await app.starts()
    expect((await app.asks(['mail.read'])).answer).toMatchObject({
      accessToken: 'the one',
      fromCache: true,
    })
    const { authorization, token } = await app.requests()
    expect([authorization, token]).toEqual([0, 0])
  },
)

story('RFC 8707: each API that the app names has its own token', async ({ app, world }) => {
  const calendar = `${world.idp.issuer}/calendar`
  await app.isSignedIn({ scopes: ['calendar.read', 'mail.read'] })
  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', {
    scopes: ['calendar.read'],
    resource: calendar,
  })
  expect((await outcome).answer?.scopes).toEqual(granted('calendar.read'))
  await expect.poll(() => popup.isClosed()).toBe(true)
  const forCalendar = await app.asks(['calendar.read'], { resource: calendar })
  const general = await app.asks(['calendar.read'])
  expect(forCalendar.answer?.fromCache).toBe(true)
  expect(general.answer?.fromCache).toBe(true)
  expect(forCalendar.answer?.accessToken).not.toBe(general.answer?.accessToken)
})

story('A provider that renames scopes does not cause a refresh at every call', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    count: 2,
    fault: { kind: 'tokenResponse', set: { scope: 'openid https://api.example/calendar' } },
  })
  await app.isSignedIn({ scopes: ['calendar.read'] })
  expect((await app.asks(['calendar.read'])).answer).toMatchObject({
    fromCache: true,
    scopes: granted('https://api.example/calendar'),
    declinedScopes: [],
  })
  await app.jumps(HOUR_MS)
  expect((await app.asks(['calendar.read'])).answer).toMatchObject({ fromCache: false })
  expect((await app.asks(['calendar.read'])).answer).toMatchObject({ fromCache: true })
})

story('A scope that Alice declines after an earlier grant counts as declined', async ({ app }) => {
  await aliceWithLittle(app)
  await asksInWindow(app, ['calendar.read'])
  const { answer } = await asksInWindow(app, ['mail.send'], ['Send mail in your name'])
  expect(answer).toMatchObject({ scopes: granted('calendar.read'), declinedScopes: ['mail.send'] })
})
