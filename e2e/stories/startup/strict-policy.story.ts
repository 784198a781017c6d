import { granted } from '../../steps/granted.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

story.use({ cookies: 'allowed' })

story(
  'All flows work under the minimal policy, with Trusted Types enforced',
  inPageOnly,
  async ({ app, world }) => {
    const violations: string[] = []
    app.page.on('console', (message) => {
      if (/Content Security Policy|Trusted/i.test(message.text())) violations.push(message.text())
    })
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.page.goto(`${world.bareUrl}strict.html`)
    const options = { redirectUri: '/strict.html' }

    await app.starts(options)
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: ['calendar.read'],
    })
    await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer?.uniqueId).toBe('alice')
    expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(
      false,
    )
    expect((await app.calls('ssoSilent', { scopes: ['mail.read'] })).answer?.scopes).toEqual(
      granted('mail.read'),
    )
    await app.leavesBy('signIn', {})
    await app.page.waitForURL(/#.*code=/)
    expect((await app.starts(options)).answer?.username).toBe('alice@example.com')
    expect(violations).toEqual([])
  },
)
