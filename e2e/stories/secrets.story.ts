import { anotherTab } from '../steps/app.ts'
import { everythingStored } from '../steps/search-everywhere.ts'
import { expect, story } from '../world.ts'

story(
  'No token, code or verifier lies anywhere in clear, during a sign-in or after it',
  async ({ app, context }) => {
    const spoken: string[] = []
    app.page.on('console', (message) => spoken.push(message.text()))
    const sent: string[] = []
    context.on('request', (request) => {
      const verifier = new URLSearchParams(request.postData() ?? '').get('code_verifier')
      if (verifier) sent.push(verifier)
    })

    await app.starts({ logsToConsole: true })
    await app.leavesBy('signIn', { scopes: ['calendar.read'] })
    await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
    const other = await anotherTab(app)
    const whileAway = await everythingStored(other.page, context)
    expect(whileAway).toContain('transactions') // The dump sees the sealed transaction.

    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.signsInAtProvider()
    await app.starts({ logsToConsole: true })
    await app.asks(['calendar.read'], { forceRefresh: true })
    const after =
      (await everythingStored(app.page, context)) + (await everythingStored(other.page, context))

    const { codes, accessTokens, refreshTokens, idTokens } = await app.idp.control.issued()
    const secrets = [...codes, ...accessTokens, ...refreshTokens, ...idTokens, ...sent]
    for (const issued of [codes, accessTokens, refreshTokens, idTokens, sent])
      expect(issued.length).toBeGreaterThan(0)
    expect(spoken.length).toBeGreaterThan(0)
    for (const secret of secrets) {
      expect(whileAway).not.toContain(secret)
      expect(after).not.toContain(secret)
      expect(spoken.join('\n')).not.toContain(secret)
    }
    expect(after).not.toContain('Alice Adams') // Account claims are sealed too.
  },
)
