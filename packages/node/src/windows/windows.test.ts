import { describe, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { createPublicClient } from '../client/create-public-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { createTestClock } from '../testing/service.ts'
import {
  ALICE,
  respond,
  scopes,
  startFederatedEntra,
  useFederatedEntra,
} from '../testing/windows.ts'
import { acquireTokenByIntegratedWindowsAuth } from './acquire-by-windows.ts'
import type { Negotiate } from './negotiate.ts'

const { federation, ticketOf, negotiate, entra, signIn } = useFederatedEntra()

test('a token of another flow is the same as a token of this flow', async () => {
  const app = await entra.create()
  const request = { username: ALICE, scopes, negotiate }
  const result = await acquireTokenByIntegratedWindowsAuth(app, request)
  const held = await app.acquireTokenSilent({ scopes, account: result.account ?? undefined })
  const renewed = await app.acquireTokenSilent({ scopes, forceRefresh: true })
  expect([held.fromCache, renewed.fromCache]).toEqual([true, false])
  for (const one of [held, renewed])
    expect({ ...one, ...changing }).toEqual({ ...result, ...changing })
  if (result.account) await app.signOut(result.account)
  await expect(app.acquireTokenSilent({ scopes })).rejects.toMatchObject({ code: 'no_account' })
})
/** The fields that differ between two tokens. */
const changing = {
  accessToken: '',
  expiresOn: null,
  idToken: '',
  idTokenClaims: null,
  account: null,
  fromCache: null,
  correlationId: '',
}

test.each([
  [{ trustVersions: ['2005'] as const }],
  [{ saml: '2.0' as const }],
  [{ trustVersions: ['2005'] as const, saml: '2.0' as const }],
])('signs in with %j', async (options) => {
  const other = await startFederatedEntra({ ...federation, ...options })
  try {
    const app = await other.create()
    const request = { username: ALICE, scopes, negotiate }
    const result = await acquireTokenByIntegratedWindowsAuth(app, request)
    expect(result.account?.username).toBe(ALICE)
  } finally {
    await other.idp.close()
  }
})

describe('users and servers without this sign-in', () => {
  test.each([
    ['carol@fabrikam.example', 'manages the password'],
    ['dora@unknown.example', 'knows no federated domain'],
  ])('%s is not federated, and no ticket is used', async (username, says) => {
    const spns: string[] = []
    const noted: Negotiate = (spn) => {
      spns.push(spn)
      return negotiate()
    }
    await expect(signIn({ username, negotiate: noted })).rejects.toMatchObject({
      code: 'user_not_federated',
      message: expect.stringContaining(says),
      hint: expect.stringContaining('acquireTokenByDeviceCode'),
    })
    expect(spns).toEqual([])
  })

  test('a server without an endpoint for tickets', async () => {
    const other = await startFederatedEntra({ ...federation, trustVersions: [] })
    try {
      const app = await other.create()
      const call = acquireTokenByIntegratedWindowsAuth(app, { username: ALICE, scopes, negotiate })
      await expect(call).rejects.toMatchObject({ code: 'windows_transport_missing' })
    } finally {
      await other.idp.close()
    }
  })

  test('a provider that is not Entra, and a confidential client', async () => {
    const options = { clientId: 'tool', authority: entra.idp.authority('home') }
    const request = { username: ALICE, scopes, negotiate }
    const plain = await createPublicClient({ ...options, authorityProfile: 'oidc' })
    await expect(acquireTokenByIntegratedWindowsAuth(plain, request)).rejects.toMatchObject({
      code: 'unsupported_by_provider',
    })
    const credential = clientSecret('secret')
    const confidential = await createConfidentialClient({ ...options, credential })
    const call = acquireTokenByIntegratedWindowsAuth(confidential as never, request)
    await expect(call).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test.each([
    [{ username: 'alice' }],
    [{ username: 'alice@x.example\ud800' }],
    [{ username: undefined }],
    [{ negotiate: 'token' }],
    [{ spn: 'sts.contoso.com' }],
    [{ scopes: 'User.Read' }],
  ])('the request %j is invalid', async (more) => {
    await expect(signIn(more as never)).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await entra.counts()).user_realm).toBe(0)
  })
})

test('a demand of Entra for a second factor is an interaction', async () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
  const error = await signIn({ claims }).catch((reason) => reason)
  expect(error).toMatchObject({
    name: 'InteractionRequiredError',
    reason: 'mfa',
    request: { scopes, claims },
  })
})

test.each([-24, 24])('a clock that is %i hours off signs in', async (hours) => {
  const clock = createTestClock()
  clock.advance(hours * 3_600_000)
  const app = await entra.create({ clock })
  const request = { username: ALICE, scopes, negotiate }
  const result = await acquireTokenByIntegratedWindowsAuth(app, request)
  expect(result.expiresOn.getTime()).toBeGreaterThan(clock.now())
  expect((await app.acquireTokenSilent({ scopes })).fromCache).toBe(true)
})

test('an abort ends the waiting, and the tokens of the sign-in are kept', async () => {
  const app = await entra.create()
  const stop = new AbortController()
  const call = acquireTokenByIntegratedWindowsAuth(app, {
    username: ALICE,
    scopes,
    signal: stop.signal,
    negotiate() {
      stop.abort()
      return ticketOf('alice@CARNET.TEST')()
    },
  })
  await expect(call).rejects.toMatchObject({ code: 'aborted' })
  await expect.poll(() => app.accounts()).toHaveLength(1)
  expect((await app.acquireTokenSilent({ scopes })).fromCache).toBe(true)

  const before = await entra.counts()
  const signal = AbortSignal.abort()
  await expect(signIn({ signal })).rejects.toMatchObject({ code: 'aborted' })
  expect(await entra.counts()).toEqual(before)
})

test('no error or log line holds a ticket or an assertion', async () => {
  const token = ticketOf('alice@CARNET.TEST')()
  let assertion = ''
  const reading = async (url: unknown, init?: RequestInit) => {
    const form = new URLSearchParams(String(init?.body ?? ''))
    assertion ||= form.get('assertion') ?? ''
    return fetch(String(url), init)
  }
  const app = await entra.create({ fetch: reading as typeof fetch })
  await entra.idp.control.addFault({
    endpoint: 'token',
    fault: respond(400, { error: 'invalid_grant', error_description: 'Bad: {assertion}' }),
  })
  const error = await acquireTokenByIntegratedWindowsAuth(app, {
    username: ALICE,
    scopes,
    negotiate: () => token,
  }).catch((reason) => reason)
  expect(error.code).toBe('assertion_refused')
  expect(assertion.length).toBeGreaterThan(1000)
  const shown = `${error} ${JSON.stringify(error)} ${error.cause} ${entra.logged.join()}`
  for (const secret of [token, assertion]) expect(shown).not.toContain(secret)
})
