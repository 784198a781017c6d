import type { FaultRequest } from '@carnet/idp'
import { expect, story } from '../../world.ts'

const discovery = (fault: FaultRequest['fault']): FaultRequest => ({
  endpoint: 'discovery',
  count: 10,
  fault,
})

const faults: readonly [what: string, fault: FaultRequest][] = [
  ['is down', discovery({ kind: 'reset' })],
  ['fails', discovery({ kind: 'respond', status: 500, body: 'no' })],
  ['responds with a page', discovery({ kind: 'respond', status: 200, body: '<h1>Hello</h1>' })],
  ['responds with a list', discovery({ kind: 'respond', status: 200, body: [1, 2] })],
  ['never responds', discovery({ kind: 'hang' })],
]

for (const [what, fault] of faults) {
  story(
    `Discovery ${what}: the app starts, the sign-in names the cause, and a retry works`,
    async ({ app }) => {
      await app.idp.control.addFault(fault)
      expect((await app.starts({ requestTimeoutMs: 500 })).error).toBeUndefined()
      const { error } = await app.calls('signIn')
      expect(error).toMatchObject({ code: 'discovery_failed' })
      expect(error?.hint).toContain('.well-known/openid-configuration')

      await app.idp.control.clearFaults()
      await app.leavesBy('signIn')
      await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
    },
  )
}

story('A discovery document of another issuer is refused', async ({ app }) => {
  await app.idp.control.changeSettings({ discovery: { issuer: 'https://evil.example' } })
  await app.starts()
  const { error } = await app.calls('signIn')
  expect(error).toMatchObject({ code: 'issuer_mismatch' })
})

story('Endpoints without https are refused', async ({ app }) => {
  await app.idp.control.changeSettings({ discovery: { token_endpoint: 'http://evil.example/t' } })
  await app.starts()
  const { error } = await app.calls('signIn')
  expect(error).toMatchObject({ code: 'discovery_failed' })
})

story('A redirect to the discovery document is followed', async ({ app }) => {
  const location = `${app.idp.issuer}/.well-known/openid-configuration`
  await app.idp.control.addFault({ endpoint: 'discovery', fault: { kind: 'redirect', location } })
  await app.starts()
  await app.leavesBy('signIn')
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
})

story('The error names all wrong options and their remedies', async ({ app }) => {
  const { error } = await app.page.evaluate(async () => {
    try {
      await window.carnet.createAuthClient({
        authority: 'http://login.example.com',
        redirectUri: 'https://other.example/',
        scopes: 'calendar.read',
        cacheLocation: 'localStorage',
      } as never)
      return { error: undefined }
    } catch (caught) {
      return { error: window.seen(caught) }
    }
  })
  expect(error?.code).toBe('invalid_options')
  for (const name of ['clientId', 'authority', 'redirectUri', 'scopes', 'cacheLocation'])
    expect(error?.message).toContain(`\`${name}\``)
})
