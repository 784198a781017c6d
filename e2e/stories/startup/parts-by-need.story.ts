import type { App } from '../../steps/app.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const INTERACTIONS = '**/assets/create-flows-*.js'

/** The names of the parts that the page asks for from now on, without their hashes. */
function partsOf({ page }: App): string[] {
  const parts: string[] = []
  page.on('request', (request) => {
    const name = /\/assets\/([\w-]+)-[\w-]{8}\.js$/.exec(request.url())?.[1]
    if (name) parts.push(name)
  })
  return parts
}

story('A page with a signed-in user loads the interactions at her first click', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  const parts = partsOf(app)
  await app.page.reload()
  await app.starts()
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
  await expect.poll(() => parts).toContain('engine')
  // A renewal by refresh token needs no interaction.
  expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  expect(parts).not.toContain('create-flows')

  await app.idp.control.changeSettings({ consent: 'ask' })
  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', { scopes: ['mail.send'] })
  await allowAtProvider(popup)
  expect((await outcome).answer?.scopes).toContain('mail.send')
  expect(parts).toContain('create-flows')
})

story('A page without a user loads the interactions at once', async ({ app }) => {
  const parts = partsOf(app)
  await app.page.reload()
  await app.starts()
  await expect.poll(() => parts).toContain('create-flows')
  expect(parts).not.toContain('open-sign-out')
})

story(
  'A deployment removed the interactions: the click reports it, and its popup closes',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.page.reload()
    await app.starts()
    await app.page.route(INTERACTIONS, (route) => route.abort())
    const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', { scopes: SCOPES })
    expect((await outcome).error).toMatchObject({ code: 'part_not_loaded' })
    await expect.poll(() => popup.isClosed()).toBe(true)
  },
)

for (const authorityProfile of ['oidc', 'entra', 'auth0'] as const)
  story(
    `A page of a provider with the dialect ${authorityProfile} loads no other dialect`,
    async ({ app }) => {
      const parts = partsOf(app)
      await app.page.reload()
      await app.starts({ authorityProfile })
      await expect.poll(() => parts).toContain('engine')
      const dialects = parts.filter((part) => ['entra', 'auth0'].includes(part))
      expect(dialects).toEqual(authorityProfile === 'oidc' ? [] : [authorityProfile])
    },
  )
