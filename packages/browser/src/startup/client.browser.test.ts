import { isAuthError, isInteractionRequired } from '@carnet/core'
import { createFakeProvider, jsonResponse } from '@carnet/core/fakes'
import { afterEach, describe, expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { seedSession } from '../testing/seed-session.ts'
import { createAuthClient } from './create-auth-client.ts'

const clientId = 'spa'
const uniqueName = () => `test-${crypto.randomUUID()}`

const opened: AuthClient[] = []
afterEach(() => {
  for (const auth of opened.splice(0)) auth.close()
})

/** A cache with alice and bob in it, a provider, and clients: as many as there are tabs. */
async function setUp() {
  const cache = { name: uniqueName() }
  const provider = createFakeProvider({ now: Date.now })
  // The response lists its scopes: otherwise only the earlier grant counts.
  provider.onToken = (asked) =>
    jsonResponse(provider.tokens({ scope: asked.get('scope') ?? 'openid read' }))
  const options: AuthClientOptions = {
    clientId,
    authority: provider.issuer,
    cache,
    fetch: (input, init) => provider.respond(new Request(input, init)),
  }
  for (const sub of ['bob', 'alice'])
    await seedSession({
      clientId,
      authority: provider.issuer,
      cache,
      account: { sub },
      // The token for `mail` has expired.
      tokens: [{ scopes: ['read'] }, { scopes: ['mail'], expiresIn: -1 }],
      refreshToken: `s3cret-refresh-of-${sub}`,
    })
  const openTab = async (changes: Partial<AuthClientOptions> = {}) => {
    const auth = await createAuthClient({ ...options, ...changes })
    opened.push(auth)
    return auth
  }
  return { provider, openTab, auth: await openTab() }
}
const accountOf = (auth: AuthClient, username: string) =>
  auth.accounts.find((account) => account.username === username) ?? expect.fail(`No ${username}.`)
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)),
  )
const names = (auth: AuthClient) => auth.accounts.map(({ username }) => username).sort()

describe('a token', () => {
  test('without an account needs the user', async () => {
    const { openTab } = await setUp()
    const auth = await openTab({ cache: { name: uniqueName() } })
    const error = await failureOf(auth.acquireTokenSilent({ scopes: ['read'] }))
    expect(isInteractionRequired(error) && error.reason).toBe('no_account')
    expect(isInteractionRequired(error) && error.request.scopes).toEqual(['read'])
    expect(error.correlationId).toMatch(/\w/)
  })

  test('for an account that is not signed in is refused', async () => {
    const { auth } = await setUp()
    const account = { ...accountOf(auth, 'alice'), homeAccountId: 'carol' }
    const error = await failureOf(auth.acquireTokenSilent({ scopes: ['read'], account }))
    expect(error.code).toBe('account_not_found')
  })

  test('for a request with wrong fields is refused, and the error names the fields', async () => {
    const { auth } = await setUp()
    const wrong = { scopes: 'read', acount: null } as unknown as { scopes: string[] }
    const error = await failureOf(auth.acquireTokenSilent(wrong))
    expect(error.code).toBe('invalid_request')
    expect(error.message).toMatch(/`scopes`.*`acount`/)
  })

  test('belongs to the active account, unless the request names another account', async () => {
    const { auth } = await setUp()
    const account = accountOf(auth, 'bob')
    expect((await auth.acquireTokenSilent({ scopes: ['read'] })).account.username).toBe('alice')
    const result = await auth.acquireTokenSilent({ scopes: ['read'], account: { ...account } })
    expect(result.account).toBe(account)
  })

  test('for ten forced calls is renewed once, and reported once', async () => {
    const { auth, provider } = await setUp()
    let told = 0
    auth.on('tokenRenewed', () => {
      told += 1
    })
    const force = () => auth.acquireTokenSilent({ scopes: ['read'], forceRefresh: true })
    const results = await Promise.all(Array.from({ length: 10 }, force))
    expect(provider.tokenRequests).toHaveLength(1)
    expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(told).toBe(1)
  })

  test('for concurrent calls of two tabs is renewed once', async () => {
    const { auth, openTab, provider } = await setUp()
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid mail' }))
    const other = await openTab()
    const need = (tab: AuthClient) => tab.acquireTokenSilent({ scopes: ['mail'] })
    const [one, two] = await Promise.all([need(auth), need(other)])
    expect(provider.tokenRequests).toHaveLength(1)
    expect(one.accessToken).toBe(two.accessToken)
  })

  test('is fetched and stored even if its caller aborts', async () => {
    const { auth, provider } = await setUp()
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid mail' }))
    const controller = new AbortController()
    const request = { scopes: ['mail'], signal: controller.signal }
    const waiting = auth.acquireTokenSilent(request)
    controller.abort()
    expect((await failureOf(waiting)).code).toBe('aborted')
    const result = await auth.acquireTokenSilent({ scopes: ['mail'] })
    expect(result.accessToken).toMatch(/\w/)
    expect(provider.tokenRequests).toHaveLength(1)
  })
})

describe('accounts', () => {
  test('the active account changes when it is set, and survives a reload', async () => {
    const { auth, openTab } = await setUp()
    auth.setActiveAccount(accountOf(auth, 'bob'))
    expect(auth.activeAccount?.username).toBe('bob')
    await expect.poll(async () => (await openTab()).activeAccount?.username).toBe('bob')
  })

  test('the active account is stored even if the client is closed at once', async () => {
    const { auth, openTab } = await setUp()
    auth.setActiveAccount(accountOf(auth, 'bob'))
    auth.close()
    await expect
      .poll(async () => (await openTab()).activeAccount?.username, { timeout: 500 })
      .toBe('bob')
  })

  test('an account that is not signed in cannot become active', async () => {
    const { auth } = await setUp()
    const carol = { ...accountOf(auth, 'bob'), homeAccountId: 'carol' }
    expect(() => auth.setActiveAccount(carol)).toThrow('not signed in')
    expect(auth.activeAccount?.username).toBe('alice')
  })

  test('a removed account is deleted with its tokens, and the other account stays', async () => {
    const { auth, openTab } = await setUp()
    await auth.removeAccount(accountOf(auth, 'alice'))
    expect([names(auth), auth.activeAccount]).toEqual([['bob'], null])
    const later = await openTab()
    expect(names(later)).toEqual(['bob'])
    const account = accountOf(later, 'bob')
    expect((await later.acquireTokenSilent({ scopes: ['read'], account })).fromCache).toBe(true)
  })

  test('are all removed by `clear`, also after a reload', async () => {
    const { auth, openTab } = await setUp()
    await auth.clear()
    expect(auth.accounts).toEqual([])
    expect((await openTab()).accounts).toEqual([])
  })

  test('signing out without the provider removes the account here', async () => {
    const { auth } = await setUp()
    const signedOut: string[] = []
    auth.on('signedOut', ({ account }) => signedOut.push(account.username))
    await auth.signOut({ interaction: 'none' })
    expect([names(auth), signedOut]).toEqual([['bob'], ['alice']])
  })
})

describe('a client that was closed', () => {
  test('refuses every call except `close`', async () => {
    const { auth } = await setUp()
    const account = accountOf(auth, 'alice')
    auth.close()
    expect(() => auth.close()).not.toThrow()
    expect(() => auth.setActiveAccount(account)).toThrow('closed')
    const calls = [
      auth.acquireTokenSilent({ scopes: ['read'] }),
      auth.acquireToken({ scopes: ['read'] }),
      auth.signIn(),
      auth.signOut(),
      auth.removeAccount(account),
      auth.clear(),
    ]
    for (const call of calls) expect((await failureOf(call)).code).toBe('client_closed')
  })

  test('does not clear the cache', async () => {
    const { auth, openTab } = await setUp()
    auth.close()
    expect(names(await openTab())).toEqual(['alice', 'bob'])
  })
})

describe('another tab', () => {
  test('gets the event that an account was removed, and no longer lists it', async () => {
    const { auth, openTab } = await setUp()
    const other = await openTab()
    const heard: string[] = []
    other.on('accountRemoved', ({ account }) => heard.push(account.username))
    await auth.removeAccount(accountOf(auth, 'alice'))
    await expect.poll(() => heard).toEqual(['alice'])
    expect([names(other), other.activeAccount]).toEqual([['bob'], null])
  })

  test('gets the event of the new active account', async () => {
    const { auth, openTab } = await setUp()
    const other = await openTab()
    auth.setActiveAccount(accountOf(auth, 'bob'))
    await expect.poll(() => other.activeAccount?.username).toBe('bob')
  })

  test('of another client on the same cache gets no event', async () => {
    const { auth, openTab } = await setUp()
    const other = await openTab({ clientId: 'other' })
    const own = await openTab()
    const heard: unknown[] = []
    other.on('accountRemoved', (event) => heard.push(event))
    await auth.clear()
    await expect.poll(() => own.accounts).toEqual([])
    expect(heard).toEqual([])
  })
})
