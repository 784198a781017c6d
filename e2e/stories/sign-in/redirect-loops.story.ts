import type { Page } from '@playwright/test'
import { type Part, startCopies, type Told } from '../../steps/copies.ts'
import type { World } from '../../steps/world.ts'
import { expect, story } from '../../world.ts'

/**
 * Collects the reports of the parts from the console. A script that a test runner evaluates in the page would count as
 * a user activation.
 */
function tales(page: Page): Told[] {
  const told: Told[] = []
  page.on('console', (message) => {
    const [, json] = /^told (.*)$/.exec(message.text()) ?? []
    if (json !== undefined) told.push(JSON.parse(json))
  })
  return told
}

/** The last page may still request the discovery document. Only redirects make a loop. */
async function countRedirects({ idp }: World): Promise<number> {
  const { counts } = await idp.control.stats()
  return (counts.authorization ?? 0) + (counts.end_session ?? 0)
}

/** The parts that report a redirect loop. */
const inLoops = (told: readonly Told[]) => told.filter(({ code }) => code === 'redirect_loop')

// A trace evaluates scripts in the page. Each script counts as a user activation.
story.use({ trace: 'off' })

story.beforeEach(async ({ world }) => {
  await world.idp.control.reset()
  await world.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
})

const endings: readonly {
  what: string
  parts: readonly Part[]
  says: RegExp
  response?: Record<string, string | null>
  clears?: true
}[] = [
  {
    what: 'An app that signs in at every start, although each sign-in succeeds',
    parts: [{ copy: 'script', signsIn: 'always' }],
    says: /ended with success/,
  },
  {
    what: 'An app that signs in again after each refusal of a provider that responds at once',
    parts: [{ copy: 'script', signsIn: 'always' }],
    says: /access_denied/,
    response: { code: null, error: 'access_denied' },
  },
  {
    what: 'An app that loses its storage during the redirect',
    parts: [{ copy: 'script', signsIn: 'always' }],
    says: /transaction_not_found/,
    clears: true,
  },
  {
    what: 'Two copies that always sign in for different clients',
    parts: [
      { copy: 'script', signsIn: 'always' },
      { copy: 'module', signsIn: 'always', options: { clientId: 'other' } },
    ],
    says: /redirects within/,
  },
  {
    what: 'An app that signs in and out at every start',
    parts: [{ copy: 'script', signsIn: true, signsOut: true }],
    says: /redirects within/,
  },
]

for (const { what, parts, says, response, clears } of endings)
  story(`${what}, ends with the error \`redirect_loop\``, async ({ page, world }) => {
    const here = `${world.bareUrl}no-bundler/copies.html`
    await world.idp.control.addClient({
      clientId: 'other',
      redirectUris: [here],
      postLogoutRedirectUris: [here],
    })
    if (response)
      await world.idp.control.addFault({
        endpoint: 'authorization',
        count: 100,
        fault: { kind: 'authorizationResponse', set: response },
      })
    if (clears)
      await page.addInitScript(() => {
        sessionStorage.clear()
        indexedDB.deleteDatabase('carnet')
      })
    const told = tales(page)
    await startCopies(page, world, parts)
    const ended = () => new Set(inLoops(told).map(({ copy }) => copy)).size
    await expect.poll(ended, { timeout: 20_000 }).toBe(parts.length)
    for (const { message } of inLoops(told)) expect(message).toMatch(says)

    const redirects = await countRedirects(world)
    expect(redirects).toBeGreaterThan(1)
    expect(redirects).toBeLessThanOrEqual(5 * parts.length)
    // No further request follows.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await countRedirects(world)).toBe(redirects)
  })

story('After the error, a click of the user starts the sign-in again', async ({ page, world }) => {
  await world.idp.control.addFault({
    endpoint: 'authorization',
    count: 5,
    fault: { kind: 'authorizationResponse', set: { code: null, error: 'access_denied' } },
  })
  const told = tales(page)
  await startCopies(page, world, [{ copy: 'script', signsIn: 'always' }])
  await expect.poll(() => inLoops(told).length, { timeout: 20_000 }).toBe(1)
  await page.evaluate(() => {
    localStorage.setItem('plan', JSON.stringify({ parts: [{ copy: 'script' }] }))
    const button = document.createElement('button')
    button.textContent = 'Sign in'
    button.onclick = () => void window.clients.script?.signIn({ scopes: ['calendar.read'] })
    document.body.append(button)
  })
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => told.at(-1)?.username).toBe('alice@example.com')
})
