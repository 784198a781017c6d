import { type Account, accountKey, isAuthError, partitionOf } from '@carnet/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthClientOptions, LogEntry } from '../api/options.ts'
import { createState } from '../flows/authorization/state.ts'
import { openDatabase } from '../storage/idb-database.ts'
import { openStore } from '../storage/open-store.ts'
import { seedSession } from '../testing/seed-session.ts'
import { UPGRADES } from './cache/database.ts'
import { createAuthClient } from './create-auth-client.ts'
import { firstConfig } from './first-config.ts'

const clientId = 'spa'
const authority = 'https://idp.example'
const partition = partitionOf(authority, clientId, 'oidc')
const uniqueName = () => `test-${crypto.randomUUID()}`
const offline = () => Promise.reject(new TypeError('There is no network in this test.'))

const opened: AuthClient[] = []
const here = location.href
afterEach(() => {
  for (const auth of opened.splice(0)) auth.close()
  history.replaceState(history.state, '', here)
})

async function open(name: string, options: Partial<AuthClientOptions> = {}) {
  const auth = await createAuthClient({
    clientId,
    authority,
    cache: { name },
    fetch: offline,
    ...options,
  })
  opened.push(auth)
  return auth
}
const seed = (name: string, sub = 'alice') =>
  seedSession({
    clientId,
    authority,
    cache: { name },
    account: { sub, name: sub.toUpperCase() },
    tokens: [{ scopes: ['read'], accessToken: `s3cret-token-of-${sub}` }],
  })
/** The `state` of a request that the client of a cache has never made. */
const stateOf = (name: string) => {
  const { mark } = firstConfig({ clientId, authority, cache: { name } }, location.origin)
  return createState(mark, 'redirect', 'unknown')
}
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)),
  )

describe('a stored session', () => {
  test('is found with its account and its token, without any request', async () => {
    const name = uniqueName()
    await seed(name)
    const auth = await open(name)
    expect(auth.accounts.map((account) => account.name)).toEqual(['ALICE'])
    expect(auth.activeAccount?.username).toBe('alice')
    expect(auth.redirectResult).toBeNull()
    const result = await auth.acquireTokenSilent({ scopes: ['read'] })
    expect(result.accessToken).toBe('s3cret-token-of-alice')
    expect(result.fromCache).toBe(true)
    expect(result.idTokenClaims.sub).toBe('alice')
  })

  test('is found in sessionStorage if the option `cache` names it', async () => {
    const cache = { name: uniqueName(), location: 'session' } as const
    await seedSession({ clientId, authority, cache, account: { sub: 'alice' } })
    const auth = await open(cache.name, { cache })
    expect(auth.activeAccount?.username).toBe('alice')
  })

  test('of another client or another cache is not found', async () => {
    const name = uniqueName()
    await seed(name)
    expect((await open(name, { clientId: 'other' })).accounts).toEqual([])
    expect((await open(uniqueName())).accounts).toEqual([])
  })

  test('is found despite invalid entries next to it', async () => {
    const name = uniqueName()
    await seed(name)
    const database = await openDatabase(name, () => undefined)
    const values = [null, 'text', { version: 1, iv: new Uint8Array(12), data: new ArrayBuffer(9) }]
    for (const [index, value] of values.entries()) {
      const record = {
        key: `${partition}|garbage-${index}`,
        tags: [partition],
        expiresAtMs: 8e15,
        value,
      }
      await database.put('accounts', record)
    }
    database.close()
    const auth = await open(name)
    expect(auth.accounts.map(({ username }) => username)).toEqual(['alice'])
  })

  test('is found despite an encrypted record with invalid content', async () => {
    const name = uniqueName()
    await seed(name)
    const store = await openStore({ location: 'indexeddb', name }, () => undefined)
    const record = {
      key: `${partition}|x|y|z`,
      tags: [partition],
      expiresAtMs: 8e15,
      value: { account: 7 },
    }
    await store.write([{ type: 'put', collection: 'accounts', record }])
    store.close()
    expect((await open(name)).accounts).toHaveLength(1)
  })
})

describe('wrong options', () => {
  test('reject, and name the problem', async () => {
    const error = await failureOf(createAuthClient({ clientId: '' } as AuthClientOptions))
    expect(error.code).toBe('invalid_options')
    expect(error.message).toContain('clientId')
    expect(error.message).toContain('authority')
    expect(error.hint).toMatch(/\w/)
  })

  test('reject, and do not throw, if there are no options', async () => {
    const nothing = undefined as unknown as AuthClientOptions
    expect((await failureOf(createAuthClient(nothing))).code).toBe('invalid_options')
  })
})

describe('a database that does not open', () => {
  async function openOnOccupied(options: Partial<AuthClientOptions> = {}) {
    const name = uniqueName()
    const later = await openDatabase(name, () => undefined, [...UPGRADES, () => undefined])
    later.close()
    return open(name, options)
  }

  test('is emitted to every listener, also to late listeners, and logged', async () => {
    const log: LogEntry[] = []
    const auth = await openOnOccupied({ logger: (entry) => log.push(entry) })
    const causes: unknown[] = []
    auth.on('storageDegraded', ({ cause }) => causes.push(cause))
    expect(causes).toHaveLength(1)
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1)
    expect(auth.accounts).toEqual([])
  })

  test('does not let a listener that throws break `on`', async () => {
    const auth = await openOnOccupied()
    const throwing = () => {
      throw new Error('The listener is broken.')
    }
    const reported = new Promise((resolve) => {
      addEventListener(
        'error',
        (event) => {
          event.preventDefault()
          resolve(event.error)
        },
        { once: true },
      )
    })
    expect(() => auth.on('storageDegraded', throwing)).not.toThrow()
    expect(String(await reported)).toContain('broken')
  })
})

describe('a response in the URL', () => {
  const redirectUri = location.pathname

  test.each([
    ['fragment', '#code=s3cret&state='],
    ['query', '?code=s3cret&state='],
  ] as const)(
    'that matches no pending sign-in is the redirect error, and the %s is clean',
    async (responseMode, part) => {
      const name = uniqueName()
      history.replaceState(history.state, '', location.pathname + part + stateOf(name))
      const auth = await open(name, { redirectUri, responseMode })
      expect(auth.redirectError?.code).toBe('transaction_not_found')
      expect(auth.redirectResult).toBeNull()
      expect(auth.snapshot()).toMatchObject({ status: 'signedOut', error: auth.redirectError })
      expect(location.href).not.toContain('s3cret')
      expect(location.href).not.toContain('unknown')
    },
  )

  test('that matches no pending sign-in does not remove accounts', async () => {
    const name = uniqueName()
    await seed(name)
    history.replaceState(history.state, '', `${location.pathname}#code=c&state=${stateOf(name)}`)
    const auth = await open(name, { redirectUri })
    expect(auth.redirectError).not.toBeNull()
    expect(auth.activeAccount?.username).toBe('alice')
    expect((await auth.acquireTokenSilent({ scopes: ['read'] })).fromCache).toBe(true)
  })

  test('to another library stays in the URL', async () => {
    const fragment = '#code=theirs&state=theirs'
    history.replaceState(history.state, '', location.pathname + fragment)
    const auth = await open(uniqueName(), { redirectUri: '/elsewhere' })
    expect(auth.redirectResult).toBeNull()
    expect(location.hash).toBe(fragment)
  })
})

test('the client finds the seeded account', async () => {
  const name = uniqueName()
  const seeded: Account = await seed(name)
  const auth = await open(name)
  expect(auth.activeAccount && accountKey(auth.activeAccount)).toBe(accountKey(seeded))
})
