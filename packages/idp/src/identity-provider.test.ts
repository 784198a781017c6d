import { once } from 'node:events'
import { get } from 'node:https'
import { json } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { readCommandLine } from './command-line.ts'
import { startIdentityProvider } from './provider/identity-provider.ts'
import { startApp } from './testing/app.ts'

test('two providers share nothing', async () => {
  const [one, two] = await Promise.all([
    startApp({ settings: { consent: 'skip' } }),
    startApp({ settings: { consent: 'skip' } }),
  ])
  const { refresh_token } = await one.signIn()
  expect((await two.refresh(refresh_token)).body.error).toBe('invalid_grant')
  expect((await one.refresh(refresh_token)).status).toBe(200)
  expect((await one.control.stats()).counts.token).toBe(2)
  await one.control.reset()
  expect((await two.control.stats()).counts.token).toBe(1)
  await Promise.all([one.close(), two.close()])
})

test('close() ends held and slow requests immediately', async () => {
  const idp = await startIdentityProvider()
  await idp.control.addFault({ endpoint: 'jwks', fault: { kind: 'hang' } })
  await idp.control.addFault({
    endpoint: 'discovery',
    fault: { kind: 'drip', bytesPerSecond: 1 },
  })
  const hung = fetch(`${idp.issuer}/jwks`).catch(() => 'broken')
  const dripping = fetch(`${idp.issuer}/.well-known/openid-configuration`)
    .then((response) => response.text())
    .catch(() => 'broken')
  await expect
    .poll(async () => (await idp.control.stats()).requests.length, { timeout: 4000 })
    .toBe(2)
  const startMs = performance.now()
  await idp.close()
  expect(await Promise.all([hung, dripping])).toEqual(['broken', 'broken'])
  expect(performance.now() - startMs).toBeLessThan(2000)
  await expect(fetch(`${idp.issuer}/jwks`)).rejects.toThrow()
})

test('tls serves https, and the discovery document lists https endpoints', async () => {
  const idp = await startIdentityProvider({ tls: true })
  expect(idp.issuer).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  const url = `${idp.issuer}/.well-known/openid-configuration`
  const [response] = await once(get(url, { rejectUnauthorized: false }), 'response')
  expect(await json(response)).toMatchObject({
    issuer: idp.issuer,
    token_endpoint: `${idp.issuer}/token`,
  })
  await idp.close()
})

test('the error names a port in use', async () => {
  const { port, close } = await startIdentityProvider()
  await expect(startIdentityProvider({ port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use`,
  )
  await close()
})

test('the error names each invalid option', async () => {
  await expect(startIdentityProvider({ settings: { latencyMs: -1 } })).rejects.toThrow('latencyMs')
  const clients = [{ clientId: 'spa', redirectUris: ['nowhere'] }]
  await expect(startIdentityProvider({ clients })).rejects.toThrow('redirectUris')
})

test('the option users replaces the default users', async () => {
  const users = [{ username: 'dora', name: 'Dora <Dane>', email: 'dora@example.com' }]
  const app = await startApp({ users })
  const page = await app.browser().visit(app.authorizationUrl({}))
  expect(page.text).toContain('Continue as Dora &#60;Dane&#62;')
  await app.close()
})

test('starting and signing in prints nothing', async () => {
  const methods = ['log', 'info', 'warn', 'error'] as const
  const spies = methods.map((method) => vi.spyOn(console, method))
  const app = await startApp()
  await app.signIn({ scope: 'openid mail.read' })
  await app.close()
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

test('the command line sets the options, and refuses invalid values', () => {
  const { options } = readCommandLine(
    [
      '--port',
      '4444',
      '--client',
      'a=http://localhost:1/',
      '--client',
      'a=http://localhost:2/',
    ].concat(['--client', 'b=http://localhost:3/?x=y', '--latency', '50', '--consent', 'skip']),
  )
  expect(options).toEqual({
    port: 4444,
    clients: [
      { clientId: 'a', redirectUris: ['http://localhost:1/', 'http://localhost:2/'] },
      { clientId: 'b', redirectUris: ['http://localhost:3/?x=y'] },
    ],
    settings: { latencyMs: 50, consent: 'skip' },
  })
  expect(() => readCommandLine(['--port', 'x'])).toThrow('--port: "x" is not a number')
  expect(() => readCommandLine(['--client', 'x'])).toThrow('--client')
  expect(() => readCommandLine(['--nope'])).toThrow('--nope')
})
