import { expect, story } from '../../world.ts'

for (const lifetime of [1, 2]) {
  story(
    `Tokens with a lifetime of ${lifetime} s cause at most one renewal per second, although the app calls all the time`,
    async ({ app }) => {
      await app.idp.control.changeSettings({ accessTokenLifetime: lifetime })
      await app.isSignedIn({ scopes: ['calendar.read'] })
      await app.idp.control.resetStats()
      const { calls, failures, elapsedMs } = await app.page.evaluate(async () => {
        const beganMs = performance.now()
        let calls = 0
        let failures = 0
        while (performance.now() - beganMs < 4000) {
          calls += 1
          await window.auth.acquireTokenSilent({ scopes: ['calendar.read'] }).catch(() => {
            failures += 1
          })
          await new Promise((next) => setTimeout(next, 50))
        }
        return { calls, failures, elapsedMs: performance.now() - beganMs }
      })
      expect(failures).toBe(0)
      expect(calls).toBeGreaterThan(3)
      const { token } = await app.requests()
      expect(token).toBeGreaterThan(0)
      expect(token).toBeLessThanOrEqual(elapsedMs / 1000 + 1)
    },
  )
}

story('A clock that jumps at every call does not flood the provider', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.resetStats()
  const elapsedMs = await app.page.evaluate(async () => {
    const beganMs = performance.now()
    for (let call = 0; performance.now() - beganMs < 4000; call += 1) {
      window.aheadMs = call % 2 === 0 ? 24 * 3_600_000 : 0
      await window.auth.acquireTokenSilent({ scopes: ['calendar.read'] }).catch(() => undefined)
      await new Promise((next) => setTimeout(next, 50))
    }
    return performance.now() - beganMs
  })
  expect((await app.requests()).token).toBeLessThanOrEqual(elapsedMs / 1000 + 3)
})
