import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

story('A removed role disappears with the next refresh, and the name stays', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { roles: ['admin'], groups: ['staff'] } },
  })
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const claims = () => app.page.evaluate(() => window.auth.activeAccount?.idTokenClaims)
  expect(await claims()).toMatchObject({ roles: ['admin'], groups: ['staff'] })

  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { name: null, preferred_username: null } },
  })
  await app.jumps(HOUR_MS)
  expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(false)
  for (const _load of ['the same page', 'after a reload']) {
    const shown = await claims()
    expect(shown).not.toHaveProperty('roles')
    expect(shown).not.toHaveProperty('groups')
    const account = await app.page.evaluate(() => window.auth.activeAccount)
    expect(account).toMatchObject({ username: 'alice@example.com', name: 'Alice Adams' })
    await app.page.reload()
    await app.starts()
  }
})
