import * as original from '@azure/msal-browser'
import { expect, test } from 'vitest'
import * as ours from '../index.ts'

const configuration = { auth: { clientId: 'spa', authority: 'https://login.example.com/' } }

/** The class and the code of the error that a call rejects with. */
const errorOf = async (call: () => unknown) => {
  const error = await Promise.resolve()
    .then(call)
    .catch((reason: original.AuthError) => reason)
  return error instanceof original.AuthError
    ? { name: error.name, code: error.errorCode, subError: error.subError }
    : error
}

const CALLS = [
  'acquireTokenPopup',
  'acquireTokenRedirect',
  'acquireTokenSilent',
  'ssoSilent',
  'logoutRedirect',
  'logoutPopup',
] as const

test.each(CALLS)('in Node, %s rejects as the original does', async (name) => {
  const apps = [original, ours].map(
    ({ PublicClientApplication }) => new PublicClientApplication(configuration),
  )
  await Promise.all(apps.map((app) => app.initialize()))
  const request = { scopes: ['User.Read'] }
  const [theirs, here] = await Promise.all(apps.map((app) => errorOf(() => app[name](request))))
  expect(here).toEqual(theirs)
  expect(here).toMatchObject({ code: 'non_browser_environment' })
})

test('in Node, an application object has no account and no result', async () => {
  const app = new ours.PublicClientApplication(configuration)
  await app.initialize()
  expect(await app.handleRedirectPromise()).toBeNull()
  expect(app.getAllAccounts()).toEqual([])
  expect(app.getAccount({ username: 'a' })).toBeNull()
  expect(app.getActiveAccount()).toBeNull()
  expect(app.getLogger()).toBeInstanceOf(original.Logger)
})

test('the configuration has the defaults of the original', () => {
  const given = {
    ...configuration,
    system: { loggerOptions: { piiLoggingEnabled: false }, tokenRenewalOffsetSeconds: 60 },
  }
  const [theirs, here] = [original, ours].map(({ PublicClientApplication }) => {
    const { auth, cache, system, experimental } = new PublicClientApplication(
      given,
    ).getConfiguration()
    const { networkClient: _, navigationClient: _client, ...plain } = system
    return { auth, cache, system: plain, experimental }
  })
  expect(here).toEqual(theirs)
})

test('a broker at another provider is refused', () => {
  const system = { protocolMode: original.ProtocolMode.OIDC, allowPlatformBroker: true }
  expect(() => new ours.PublicClientApplication({ ...configuration, system })).toThrow(
    original.ClientConfigurationError,
  )
})
