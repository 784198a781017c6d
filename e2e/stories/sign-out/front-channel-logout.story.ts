import type { Page } from '@playwright/test'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const accounts = ({ page }: App) => page.evaluate(() => window.auth.accounts.length)
const sidOf = ({ page }: App) =>
  page.evaluate(() => String(window.auth.activeAccount?.idTokenClaims.sid))

/** A page of the provider's site. It loads iframes of the apps when a session ends. */
async function pageOfProvider({ page, world }: App): Promise<Page> {
  const provider = await page.context().newPage()
  await provider.goto(world.demoUrl) // A provider may be another origin of the same site.
  return provider
}

const frames = (provider: Page, url: string) =>
  provider.evaluate((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.documentElement.append(frame) // The demo replaces its body.
    return new Promise((resolve) => frame.addEventListener('load', resolve))
  }, url)

for (const page of ['callback.html', ''])
  for (const namesIssuer of [true, false])
    story(
      `The provider ends a session in an iframe at /${page}${
        namesIssuer ? '' : ', as Entra does, by its id alone'
      }: the account is gone in every tab`,
      async ({ app, world }) => {
        await app.isSignedIn({ scopes: ['calendar.read'] })
        const sid = await sidOf(app)
        const provider = await pageOfProvider(app)
        const issuer = namesIssuer ? { iss: world.idp.issuer } : undefined
        const endsSession = (session: string) =>
          frames(
            provider,
            `${world.bareUrl}${page}?${new URLSearchParams({ ...issuer, sid: session })}`,
          )

        await endsSession('somebody-elses')
        expect(await accounts(app)).toBe(1)
        await endsSession(sid)
        await expect.poll(() => accounts(app)).toBe(0)
        expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
        await app.page.reload()
        expect((await app.starts()).answer?.username).toBeUndefined()
      },
    )

story('A different issuer cannot end the session', async ({ app, world }) => {
  await app.isSignedIn()
  const sid = await sidOf(app)
  const provider = await pageOfProvider(app)
  const iss = 'https://another.example'
  for (const page of ['callback.html', ''])
    for (const issuer of [iss, ''])
      await frames(provider, `${world.bareUrl}${page}?${new URLSearchParams({ iss: issuer, sid })}`)
  await app.page.waitForTimeout(1000) // No sign-out follows.
  expect(await accounts(app)).toBe(1)
  await app.page.reload()
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})

story(
  'A client of another issuer on the page keeps an account with an equal `sid`',
  async ({ app, world }) => {
    await app.isSignedIn()
    const sid = await sidOf(app)
    const provider = await pageOfProvider(app)
    const another = { authority: 'https://another.example', sid }
    expect(await framesAppOf(provider, world.bareUrl, another)).toBe('started')
    expect(await accounts(app)).toBe(1)
  },
)

story('An embedded app with its own parameter `sid` starts', async ({ app, world }) => {
  await app.isSignedIn()
  const provider = await pageOfProvider(app)
  const own = { authority: world.idp.issuer, sid: '42' }
  expect(await framesAppOf(provider, world.bareUrl, own)).toBe('started')
  expect(await accounts(app)).toBe(1)
})

/** Loads an app in an iframe with a `sid` in its address. Returns true if its client starts. */
async function framesAppOf(
  provider: Page,
  url: string,
  options: { authority: string; sid: string },
): Promise<string> {
  await frames(provider, url)
  const frame = provider.frames().at(-1)
  if (!frame) throw new Error('There is no frame.')
  return frame.evaluate(async ({ authority, sid }) => {
    history.replaceState(null, '', `?sid=${sid}`)
    const started = window.carnet
      .createAuthClient({ clientId: 'spa', authority })
      .then(() => 'started')
    const waiting = new Promise((resolve) => setTimeout(() => resolve('inert'), 3000))
    return String(await Promise.race([started, waiting]))
  }, options)
}
