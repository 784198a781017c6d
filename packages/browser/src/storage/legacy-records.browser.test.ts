import { createFakeProvider } from '@carnet/core/fakes'
import { afterEach, expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { openConnection } from '../startup/cache/database.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'

/** The collections, keys, tags and values of an early version, word for word: its keys name no issuer. */
const NOW_MS = Date.now()
const person = (environment: string, sub: string) => {
  const iss = `https://${environment}`
  const account = {
    homeAccountId: sub,
    environment,
    tenantId: '',
    localAccountId: sub,
    username: sub,
    idTokenClaims: { iss, sub, sid: `session of ${sub}` },
  }
  return { account, idToken: `s3cret-id-${sub}`, authority: iss }
}
const scopes = { requestedScopes: ['read'], grantedScopes: ['read'], issuedAtMs: NOW_MS }
const recordsOf = (environment: string, sub: string) => {
  const key = `spa|${environment}|${sub}|`
  const account = key.slice('spa|'.length)
  const bearer = { resource: '', tokenType: 'Bearer', expiresAtMs: NOW_MS + 3_600_000 }
  const access = { account, ...scopes, ...bearer, token: `s3cret-access-${sub}` }
  const refresh = { account, ...scopes, token: `s3cret-refresh-${sub}`, id: `id-of-${sub}` }
  const read = { scope: 'read', state: 'granted', requestedAtMs: NOW_MS }
  const session = `session|https://${environment}|session of ${sub}`
  const shelf = `${key}|Bearer||`
  return [
    ['accounts', key, ['spa', session], person(environment, sub)],
    ['accessTokens', `${shelf}read`, [shelf, `${shelf}read`, key], access],
    ['refreshTokens', key, ['id-of-sub'], refresh],
    ['consents', `${key}|`, [key], { resource: '', entries: { read } }],
  ] as const
}

/** Writes a database as an early version left it; the value of each record is sealed to its old key. */
async function leaveEarlyVersion(name: string): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const records = [
    ...recordsOf('acme.example/t/1', 'alice'),
    ...recordsOf('globex.example', 'bob'),
    ['accounts', 'spa|active', ['spa'], { active: 'acme.example/t/1|alice|' }] as const,
  ]
  const sealed = await Promise.all(
    records.map(async ([collection, recordKey, tags, value]) => {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const additionalData = new TextEncoder().encode(`1|${collection}|${recordKey}`)
      const text = new TextEncoder().encode(JSON.stringify(value))
      const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, text)
      const record = { key: recordKey, tags, expiresAtMs: 8e15, value: { version: 1, iv, data } }
      return [collection, record] as const
    }),
  )
  const database = await openConnection(name, () => undefined)
  const collections = ['accounts', 'accessTokens', 'refreshTokens', 'consents', 'keys']
  const transaction = database.transaction(collections, 'readwrite')
  transaction.objectStore('keys').put({ key: 'seal-1', cryptoKey: key })
  for (const [collection, record] of sealed) transaction.objectStore(collection).put(record)
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error)
  })
  database.close()
}

const opened: AuthClient[] = []
afterEach(() => {
  for (const auth of opened.splice(0)) auth.close()
})

/** Opens a client over the records of an early version. */
async function openAt(authority: string, name: string) {
  const provider = createFakeProvider({ now: Date.now, issuer: authority })
  const auth = await createAuthClient({
    clientId: 'spa',
    authority,
    cache: { name },
    silent: { iframe: false },
    renewal: { enabled: false },
    fetch: (input, init) => provider.respond(new Request(input, init)),
  })
  opened.push(auth)
  const degraded: unknown[] = []
  auth.on('storageDegraded', ({ cause }) => degraded.push(cause))
  const redeemed = () => provider.tokenRequests.map((body) => body.get('refresh_token'))
  return { auth, degraded, redeemed }
}

async function keysOf(name: string): Promise<string[]> {
  const database = await openConnection(name, () => undefined)
  const collections = ['accounts', 'accessTokens', 'refreshTokens', 'consents']
  const transaction = database.transaction(collections)
  const all = collections.map(
    (collection) =>
      new Promise<IDBValidKey[]>((resolve) => {
        const asking = transaction.objectStore(collection).getAllKeys()
        asking.onsuccess = () => resolve(asking.result)
      }),
  )
  const keys = (await Promise.all(all)).flat().map(String)
  database.close()
  return keys
}

test('a session of an early version continues unchanged, also after a reload', async () => {
  const name = `test-${crypto.randomUUID()}`
  await leaveEarlyVersion(name)
  for (let load = 0; load < 2; load++) {
    const { auth, degraded, redeemed } = await openAt('https://acme.example/t/1', name)
    expect(auth.activeAccount?.username).toBe('alice')
    expect(auth.accounts).toHaveLength(1)
    const cached = await auth.acquireTokenSilent({ scopes: ['read'] })
    expect([cached.fromCache, cached.accessToken]).toEqual([true, 's3cret-access-alice'])
    expect(await auth.consent.entries()).toMatchObject([
      { entries: { read: { state: 'granted' } } },
    ])
    expect(redeemed()).toEqual([])
    expect(degraded).toEqual([])
    auth.close()
  }
  const { auth, redeemed } = await openAt('https://acme.example/t/1', name)
  await auth.acquireTokenSilent({ scopes: ['read'], forceRefresh: true })
  expect(redeemed()).toEqual(['s3cret-refresh-alice'])
})

test('each issuer gets its own records of an early version', async () => {
  const name = `test-${crypto.randomUUID()}`
  await leaveEarlyVersion(name)
  const stranger = await openAt('https://acme.example/t/2', name)
  expect(stranger.auth.accounts).toEqual([])
  const globex = await openAt('https://globex.example', name)
  expect(globex.auth.accounts.map(({ username }) => username)).toEqual(['bob'])
  const acme = await openAt('https://acme.example/t/1', name)
  expect(acme.auth.activeAccount?.username).toBe('alice')
  expect((await keysOf(name)).filter((key) => key.startsWith('spa|'))).toEqual([])
})

test('a session that an early version left is ended by its provider', async () => {
  const name = `test-${crypto.randomUUID()}`
  await leaveEarlyVersion(name)
  const { openStore } = await import('./open-store.ts')
  const { removeSession } = await import('../flows/sign-out/front-channel-logout.ts')
  const store = await openStore({ location: 'indexeddb', name }, () => undefined)
  const session = { iss: 'https://acme.example/t/1', sid: 'session of alice' }
  await removeSession(session, { store, cacheName: name })
  store.close()
  expect((await keysOf(name)).filter((key) => key.includes('alice'))).toEqual([])
  expect((await openAt('https://globex.example', name)).auth.accounts).toHaveLength(1)
})
