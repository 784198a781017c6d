import { type App, anotherTab } from '../../steps/app.ts'
import { everythingStored } from '../../steps/browser/storage-dump.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

declare global {
  interface Window {
    noteVerifier(verifier: string): void
  }
}

/** The code verifiers that the app sent to its worker. */
async function verifiersOf({ page }: App): Promise<string[]> {
  const sent: string[] = []
  await page.context().exposeFunction('noteVerifier', (verifier: string) => sent.push(verifier))
  const tap = () => {
    const { postMessage } = MessagePort.prototype
    MessagePort.prototype.postMessage = function (...message: [unknown, never]) {
      const { body = '' } = Object(Object(message[0]).request) as { body?: string }
      const verifier = new URLSearchParams(body).get('code_verifier')
      if (verifier) window.noteVerifier(verifier)
      return postMessage.apply(this, message)
    }
  }
  await page.context().addInitScript(tap)
  await page.reload()
  return sent
}

/** All secrets that the provider issued, and the verifiers that it received. */
async function secretsOf(app: App, verifiers: readonly string[]): Promise<string[]> {
  const { codes, accessTokens, refreshTokens, idTokens } = await app.idp.control.issued()
  const kinds = [codes, accessTokens, refreshTokens, idTokens, verifiers]
  for (const kind of kinds) expect(kind.length).toBeGreaterThan(0)
  return kinds.flat()
}

function expectNone(secrets: readonly string[], text: string): void {
  const found = secrets.filter((secret) => text.includes(secret))
  expect(found).toEqual([])
}

for (const way of ['redirect', 'popup'] as const)
  story(
    `No token, code or verifier is readable during or after a sign-in by ${way}`,
    async ({ app, context }) => {
      const spoken: string[] = []
      context.on('console', (message) => spoken.push(message.text()))
      const verifiers = await verifiersOf(app)

      await app.starts({ logsToConsole: true })
      const opening = way === 'popup' && context.waitForEvent('page')
      await app.leavesBy('signIn', { scopes: SCOPES, interaction: way })
      const atProvider = (await opening) || app.page
      const button = atProvider.getByRole('button', { name: 'Continue as Alice Adams' })
      await expect(button).toBeVisible()
      const other = await anotherTab(app)
      const whileAway = await everythingStored(other.page, context)
      expect(whileAway).toContain('transactions') // The dump sees the sealed transaction.

      await app.idp.control.changeSettings({ consent: 'skip' })
      await button.click()
      if (way === 'redirect') {
        await app.page.waitForURL(/#.*state=/)
        await app.starts({ logsToConsole: true })
      }
      await app.page.evaluate(() => window.left)
      await app.asks(SCOPES, { forceRefresh: true })
      const after =
        (await everythingStored(app.page, context)) + (await everythingStored(other.page, context))

      const secrets = await secretsOf(app, verifiers)
      expect(spoken.length).toBeGreaterThan(0)
      for (const text of [whileAway, after, spoken.join('\n')]) expectNone(secrets, text)
      expect(after).not.toContain('Alice Adams') // Account claims are sealed too.
    },
  )

story('No error contains a secret from a response of the provider', async ({ app }) => {
  const spoken: string[] = []
  app.page.on('console', (message) => spoken.push(message.text()))
  const verifiers = await verifiersOf(app)
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { logsToConsole: true })

  const { refreshTokens, accessTokens, idTokens } = await app.idp.control.issued()
  const echoed = [...refreshTokens, ...accessTokens, ...idTokens].join(' and ')
  const answers = [
    { status: 400, body: { error: 'invalid_client', error_description: `No: ${echoed}` } },
    { status: 400, body: { error: 'server_error', error_uri: `https://x.example/?${echoed}` } },
    { status: 503, body: echoed },
    { status: 200, body: { access_token: echoed, token_type: echoed } },
    { status: 200, body: `not JSON: ${echoed}` },
  ]
  const said: string[] = []
  for (const { status, body } of answers) {
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'respond', status, body },
    })
    said.push(
      await app.page.evaluate(async (scopes) => {
        const texts: string[] = []
        let error: unknown = await window.auth
          .acquireTokenSilent({ scopes, forceRefresh: true })
          .then(
            () => undefined,
            (thrown) => thrown,
          )
        while (error instanceof Error) {
          texts.push(
            `${error}`,
            error.stack ?? '',
            JSON.stringify(error),
            JSON.stringify({ ...error }),
          )
          error = error.cause
        }
        return texts.join('\n')
      }, SCOPES),
    )
  }
  for (const text of said) expect(text).not.toBe('')
  expectNone(await secretsOf(app, verifiers), [...said, ...spoken].join('\n'))
})
