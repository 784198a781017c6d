import type { App } from '../../steps/app.ts'
import { pendingCount } from '../../steps/browser/storage-dump.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const STILL_SHOWN_AFTER_MS = 10_000

/** Calls a method that navigates away. Returns its outcome and the end of the interaction. */
async function clicks({ page }: App, verb: 'signIn' | 'acquireToken' | 'signOut', request = {}) {
  const told: string[] = []
  const name = `tells${Math.random().toString(36).slice(2)}`
  await page.exposeFunction(name, (what: string) => void told.push(what))
  await page.evaluate(
    ([method, argument, teller]) => {
      const tell = (what: string) => void Reflect.get(window, teller)(what)
      window.auth.on('interactionEnded', () => tell('interactionEnded'))
      // The call starts after `evaluate` returns, because Playwright waits for navigations.
      setTimeout(() => {
        Promise.resolve(window.auth[method](argument as never)).then(
          () => tell('resolved'),
          (error) => tell(window.seen(error).code),
        )
      })
    },
    [verb, request, name] as const,
  )
  return told
}

/** Adds a `beforeunload` prompt, as a form with unsaved changes does. */
async function asksBeforeLeaving({ page }: App, staying: () => boolean) {
  page.on('dialog', (dialog) => (staying() ? dialog.dismiss() : dialog.accept()))
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()))
  await page.mouse.click(20, 20) // Chromium shows the prompt after a user gesture only.
}

async function signsInAtLast(app: App) {
  await app.leavesBy('signIn', {})
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.page.waitForURL(/#.*state=/)
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
}

const DOWNLOAD = {
  kind: 'respond',
  status: 200,
  headers: { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename="x.txt"' },
  body: 'x',
} as const
const NO_CONTENT = { kind: 'respond', status: 204 } as const
const KINDS = { 'a download': DOWNLOAD, 'no content': NO_CONTENT }

for (const verb of ['signIn', 'acquireToken'] as const)
  story(`The user refuses to leave the page at ${verb}, and leaves later`, async ({ app }) => {
    let stays = true
    await app.starts()
    await asksBeforeLeaving(app, () => stays)
    const told = await clicks(app, verb, { scopes: ['calendar.read'] })
    await expect.poll(() => told).toEqual(['interactionEnded', 'user_cancelled'])
    expect(await pendingCount(app.page)).toBe(0)
    stays = false
    await app.page.mouse.click(20, 20)
    await signsInAtLast(app)
  })

story('The app cancels the navigation to the provider', async ({ app }) => {
  await app.starts()
  await app.page.evaluate(() =>
    navigation.addEventListener('navigate', (event) => event.preventDefault(), { once: true }),
  )
  const told = await clicks(app, 'signIn')
  await expect.poll(() => told).toEqual(['interactionEnded', 'navigation_stopped'])
  expect(await pendingCount(app.page)).toBe(0)
  await signsInAtLast(app)
})

story('A script stops the navigation', async ({ app }) => {
  await app.idp.control.addFault({ endpoint: 'authorization', fault: { kind: 'hang' } })
  await app.starts()
  const asked = app.page.waitForRequest(/response_type=code/)
  await app.page.evaluate(() => setTimeout(() => window.stop(), 1000))
  const told = await clicks(app, 'signIn')
  await asked
  await expect.poll(() => told).toEqual(['interactionEnded', 'navigation_stopped'])
  expect(await pendingCount(app.page)).toBe(0)
  await app.idp.control.clearFaults()
  await signsInAtLast(app)
})

for (const [what, fault] of Object.entries(KINDS)) {
  story(
    `The provider responds to a sign-in with ${what}; the next click works`,
    async ({ app }) => {
      await app.idp.control.addFault({ endpoint: 'authorization', fault })
      await app.page.clock.install()
      await app.starts()
      const answered = app.page.waitForRequest(/response_type=code/)
      const told = await clicks(app, 'signIn')
      await answered
      await app.page.clock.runFor(STILL_SHOWN_AFTER_MS)
      await expect.poll(() => told).toEqual(['interactionEnded', 'navigation_stopped'])
      await signsInAtLast(app)
    },
  )

  story(
    `The provider responds to a sign-out with ${what}: Alice is signed out locally, and the call rejects`,
    async ({ app }) => {
      await app.isSignedIn()
      await app.page.clock.install()
      await app.idp.control.addFault({ endpoint: 'end_session', fault })
      const answered = app.page.waitForRequest(/id_token_hint=/)
      const told = await clicks(app, 'signOut')
      await answered
      await app.page.clock.runFor(STILL_SHOWN_AFTER_MS)
      await expect.poll(() => told).toEqual(['interactionEnded', 'navigation_stopped'])
      expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
      await app.leavesBy('signIn', {})
      await app.page.waitForURL(/#.*state=/)
    },
  )

  story(
    `The provider responds to a popup with ${what}; the user closes the popup if it is still open`,
    async ({ app }) => {
      await app.idp.control.addFault({ endpoint: 'authorization', fault })
      await app.starts()
      const answered = app.page
        .context()
        .waitForEvent('response', (one) => /response_type=code/.test(one.url()))
      const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
      await answered
      await popup.close()
      expect((await outcome).error?.code).toBe('user_cancelled')
      expect(await pendingCount(app.page)).toBe(0)
      await signsInAtLast(app)
    },
  )
}

story(
  'The user refuses to leave the page at sign-out: she is signed out locally',
  async ({ app }) => {
    await app.isSignedIn()
    await asksBeforeLeaving(app, () => true)
    const told = await clicks(app, 'signOut')
    await expect.poll(() => told).toEqual(['interactionEnded', 'user_cancelled'])
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
    expect((await app.requests()).end_session).toBe(0)
  },
)

story('A response after the error still signs the user in', async ({ app }) => {
  await app.idp.control.addFault({ endpoint: 'authorization', fault: { kind: 'hang' } })
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.starts()
  // The clock of the page cannot move during a navigation, so the story waits in real time.
  const told = await clicks(app, 'signIn')
  const timeout = STILL_SHOWN_AFTER_MS + 5000
  await expect.poll(() => told, { timeout }).toEqual(['interactionEnded', 'navigation_stopped'])
  await app.idp.control.clearFaults()
  await app.page.waitForURL(/#.*state=/)
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})
