import { aliceWithApis, keepsChallenges } from '../../steps/apis/api-calls.ts'
import { type App, anotherTab } from '../../steps/app.ts'
import { ROUNDS } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

const TABS = 6
const CALLS = 40

/** Sends the calls of one tab. Returns the number of bodies that arrived, and the first error. */
const sendsAll = ({ page, idp }: App) =>
  page.evaluate(
    async ([url, count]) => {
      const digestOf = async (text: string) => {
        const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
        return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join(
          '',
        )
      }
      const errors: string[] = []
      const bodies = Array.from({ length: count }, (_, index) => `${crypto.randomUUID()} ${index}`)
      const right = await Promise.all(
        bodies.map(async (body) => {
          try {
            const response = await window.auth.fetch(url, { method: 'POST', body })
            return response.ok && (await response.json()).sha256 === (await digestOf(body))
          } catch (error) {
            errors.push(String(error))
            return false
          }
        }),
      )
      return { right: right.filter(Boolean).length, error: errors[0] }
    },
    [`${idp.issuer}/api/echo`, CALLS] as const,
  )

/** The kinds of revocation, and the most token requests and interactions that each may cause. */
const REVOCATIONS = [
  { revokedTokens: 'invalid_token', needsUser: false, requests: 1 },
  { revokedTokens: 'insufficient_claims', needsUser: false, requests: 1 },
  // The refused refresh token is one more request.
  { revokedTokens: 'invalid_token', needsUser: true, requests: 2 },
] as const

story('240 calls in 6 tabs after a revocation need one token request', async ({ app }) => {
  story.setTimeout(120_000 + ROUNDS * 10_000)
  await aliceWithApis(app)
  const { control } = app.idp
  await control.changeSettings({ signInAs: 'alice' })
  const tabs = [app]
  while (tabs.length < TABS) tabs.push(await anotherTab(app))
  for (const tab of tabs) await keepsChallenges(tab, true)
  const asked = async () => {
    const counts = await Promise.all(
      tabs.map(({ page }) => page.evaluate(() => window.asked.splice(0).length)),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  for (let round = 0; round < Math.max(ROUNDS, REVOCATIONS.length); round++) {
    const kind = REVOCATIONS[round % REVOCATIONS.length] ?? REVOCATIONS[0]
    const { revokedTokens, needsUser, requests } = kind
    await control.changeSettings({ revokedTokens })
    await control.revokeAccessTokens()
    if (needsUser) await control.revokeRefreshTokens()
    await control.resetStats()
    const outcomes = await Promise.all(tabs.map(sendsAll))
    expect(outcomes).toEqual(tabs.map(() => ({ right: CALLS, error: undefined })))
    expect([round, (await app.requests()).token, await asked()]).toEqual([
      round,
      requests,
      needsUser ? 1 : 0,
    ])
  }
})
