import { startEntraProvider, startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { createPublicClient } from '../client/create-public-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { createTestClock } from '../testing/service.ts'
import { acquireTokenByUsernamePassword } from './username-password.ts'

const client = { clientId: 'script', redirectUris: ['http://localhost'], isNative: true }
let entra: Awaited<ReturnType<typeof startEntraProvider>>
beforeAll(async () => {
  entra = await startEntraProvider({ settings: { consent: 'skip' }, clients: [client] })
})
beforeEach(() => entra.control.reset())
afterAll(() => entra.close())

const create = (more = {}) =>
  createPublicClient({
    clientId: 'script',
    authority: entra.authority('home'),
    authorityProfile: 'entra',
    ...more,
  })
const scopes = ['User.Read']
const alice = { username: 'alice', password: 'password', scopes }

test('a script signs a user in, warns once, and renews without the password', async () => {
  const warnings: (string | undefined)[] = []
  const hear = (warning: Error & { readonly code?: string }) => void warnings.push(warning.code)
  process.on('warning', hear)
  const clock = createTestClock()
  const app = await create({ clock })
  const first = await acquireTokenByUsernamePassword(app, alice)
  await acquireTokenByUsernamePassword(app, alice)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', hear)
  expect(warnings.filter((code) => code === 'CARNET_PASSWORD_GRANT').length).toBe(1)
  expect(first).toMatchObject({ fromCache: false, account: { name: 'Alice Adams' } })
  expect((await app.acquireTokenSilent({ scopes })).fromCache).toBe(true)
  clock.advance(2 * 3_600_000)
  expect((await app.acquireTokenSilent({ scopes })).account?.name).toBe('Alice Adams')
})

test('a confidential client is refused before the network', async () => {
  const service = await createConfidentialClient({
    clientId: 'script',
    authority: entra.authority('home'),
    authorityProfile: 'entra',
    credential: clientSecret('secret'),
  })
  await expect(acquireTokenByUsernamePassword(service as never, alice)).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('createPublicClient'),
  })
  expect((await entra.control.stats()).counts.token).toBe(0)
})

test('a wrong password is an error without the password in it', async () => {
  const app = await create()
  const password = 'a-wrong-password-of-alice'
  const echo = { error: 'invalid_grant', error_description: `wrong: ${password}` }
  const wrong = { ...alice, password }
  await expect(acquireTokenByUsernamePassword(app, wrong)).rejects.toMatchObject({
    code: 'token_request_failed',
    oauth: { error: 'invalid_grant' },
  })
  await entra.control.addFault({
    endpoint: 'token',
    fault: { kind: 'respond', status: 400, body: JSON.stringify(echo) },
  })
  const error = await acquireTokenByUsernamePassword(app, wrong).catch((cause: unknown) => cause)
  expect(JSON.stringify(error) + String((error as Error).message)).not.toContain(password)
  expect(await app.accounts()).toEqual([])
})

test('a second factor needs the user', async () => {
  await entra.control.changeSettings({ mfaRequired: true })
  await expect(acquireTokenByUsernamePassword(await create(), alice)).rejects.toMatchObject({
    code: 'interaction_required',
  })
})

test('a provider that does not list the grant is not asked', async () => {
  const plain = await startIdentityProvider({ clients: [client] })
  const app = await createPublicClient({ clientId: 'script', authority: plain.issuer })
  await expect(acquireTokenByUsernamePassword(app, alice)).rejects.toMatchObject({
    code: 'unsupported_by_provider',
  })
  expect((await plain.control.stats()).counts.token).toBe(0)
  await plain.close()
})

test.each([[{ username: '' }], [{ password: undefined }], [{ scopes: 'User.Read' }]])(
  '%o is refused',
  async (wrong) => {
    const app = await create()
    await expect(
      acquireTokenByUsernamePassword(app, { ...alice, ...wrong } as never),
    ).rejects.toMatchObject({ code: 'invalid_request' })
  },
)
