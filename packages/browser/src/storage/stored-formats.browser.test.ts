import {
  type AccountRegistry,
  createAccountRegistry,
  createConsentLedger,
  createTokenCache,
  partitionOf,
} from '@carnet/core'
import { createFakeEntra, createFakeProvider, jsonResponse } from '@carnet/core/fakes'
import { createCooldown } from '@carnet/core/network'
import { afterEach, expect, test } from 'vitest'
// Written by the code of version 0.1.0 through its sign-ins and renewals. The times are those of its clock.
import fixture from '../../fixtures/database-1.json' with { type: 'json' }
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { createRefusedScopes } from '../flows/authorization/refused-scopes.ts'
import { createTransactions } from '../flows/authorization/transactions.ts'
import { createIframeSupport } from '../flows/iframe/iframe-support.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'
import { fromBase64 } from './base64.ts'
import { openStore } from './open-store.ts'

const { issuer, entraAuthority, writtenAtMs, states, collections } = fixture
const now = () => writtenAtMs
const names = Object.keys(collections) as (keyof typeof collections)[]

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** The database of that version, without any code of this version. */
async function leaveDatabase(): Promise<string> {
  const name = `test-${crypto.randomUUID()}`
  const opening = indexedDB.open(name, fixture.version)
  opening.onupgradeneeded = () => {
    for (const collection of names) {
      const table = opening.result.createObjectStore(collection, { keyPath: 'key' })
      if (collection === 'keys') continue
      table.createIndex('tags', 'tags', { multiEntry: true })
      table.createIndex('expiresAtMs', 'expiresAtMs')
    }
  }
  const database = await done(opening)
  const [key] = collections.keys
  const raw = fromBase64(key?.raw ?? '')
  const usages: KeyUsage[] = ['encrypt', 'decrypt']
  const cryptoKey = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, usages)
  const tx = database.transaction(names, 'readwrite')
  tx.objectStore('keys').put({ key: key?.key, cryptoKey })
  for (const collection of names)
    if (collection !== 'keys')
      for (const record of collections[collection])
        tx.objectStore(collection).put({ ...record, value: bytesOf(record.value) })
  await new Promise((resolve) => {
    tx.oncomplete = resolve
  })
  database.close()
  return name
}

/** JSON has no bytes: the bytes of a sealed value are base64. */
function bytesOf(value: unknown): unknown {
  const { version, iv, data } = Object(value) as { version: number; iv?: string; data?: string }
  if (iv === undefined || data === undefined) return value
  return { version, iv: fromBase64(iv), data: fromBase64(data).buffer }
}

async function keysOf(name: string): Promise<string[]> {
  const database = await done(indexedDB.open(name))
  const keys = names.map((collection) =>
    done(database.transaction(collection).objectStore(collection).getAllKeys()),
  )
  const all = (await Promise.all(keys)).flat().map(String)
  database.close()
  return all.sort()
}

/** A client over that database, of the provider that wrote it. */
async function openClient(name: string, options: Partial<AuthClientOptions> = {}) {
  const isEntra = options.authority === entraAuthority
  const entra = createFakeEntra({ now })
  const provider = isEntra ? entra : createFakeProvider({ now, issuer })
  if (isEntra) provider.onDiscovery = () => jsonResponse(entra.metadata)
  const auth = await createAuthClient({
    clientId: 'spa',
    authority: issuer,
    cache: { name },
    clock: { now },
    silent: { iframe: false },
    renewal: { enabled: false },
    fetch: (input, init) => provider.respond(new Request(input, init)),
    ...options,
  })
  closing.push(auth.close)
  const dropped: unknown[] = []
  auth.on('storageDegraded', ({ cause }) => dropped.push(cause))
  return { auth, dropped, provider }
}
const accountOf = (auth: AuthClient, tenantOrSub: string) =>
  auth.accounts.find(({ tenantId, localAccountId }) =>
    [tenantId, localAccountId].includes(tenantOrSub),
  ) ?? expect.fail(`No ${tenantOrSub}.`)

test('accounts, the active account and tokens of version 1 answer without a request', async () => {
  const name = await leaveDatabase()
  for (let load = 0; load < 2; load += 1) {
    const { auth, dropped, provider } = await openClient(name)
    expect(auth.accounts.map(({ localAccountId }) => localAccountId).sort()).toEqual([
      'alice',
      'bob',
    ])
    expect(auth.activeAccount?.localAccountId).toBe('alice')
    const requests = [
      { scopes: ['read'] },
      { scopes: ['read', 'mail'] },
      { scopes: ['files'], resource: 'https://api.example' },
      {
        scopes: ['read'],
        extraParameters: { acr_values: 'gold' },
        tokenParameters: { tier: '1' },
      },
      { scopes: ['read'], account: accountOf(auth, 'bob') },
    ]
    const tokens = []
    for (const request of requests) {
      const { fromCache, accessToken } = await auth.acquireTokenSilent(request)
      expect(fromCache).toBe(true)
      tokens.push(accessToken)
    }
    expect(new Set(tokens).size).toBe(4)
    const consent = await auth.consent.entries()
    expect(consent.map(({ resource }) => resource).sort()).toEqual(['', '', 'https://api.example'])
    expect([provider.tokenRequests, dropped]).toEqual([[], []])
    auth.close()
  }
  expect(await keysOf(name)).toEqual(
    names.flatMap((collection) => collections[collection].map(({ key }) => key)).sort(),
  )
})

test('a renewal with a refresh token of version 1 is stored in the newer format', async () => {
  const name = await leaveDatabase()
  const { auth, provider } = await openClient(name)
  provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid profile read mail' }))
  const { accessToken } = await auth.acquireTokenSilent({ scopes: ['read'], forceRefresh: true })
  expect(provider.tokenRequests.map((body) => body.get('refresh_token'))).toEqual([
    's3cret-refresh-6',
  ])
  auth.close()
  const again = await openClient(name)
  const held = await again.auth.acquireTokenSilent({ scopes: ['read'] })
  expect([held.accessToken, held.fromCache]).toEqual([accessToken, true])
  const store = await openStore({ location: 'indexeddb', name }, () => undefined)
  closing.push(store.close)
  const key = `${partitionOf(issuer, 'spa', 'oidc')}|idp.example|alice|`
  const stored = await store.get('refreshTokens', key)
  expect(stored?.value).toMatchObject({ version: 2, owner: 'idp.example|alice|' })
})

test('accounts of version 1 in two tenants of Entra keep their tokens', async () => {
  const name = await leaveDatabase()
  const { auth, provider } = await openClient(name, { authority: entraAuthority })
  const home = accountOf(auth, '11111111-aaaa-4aaa-8aaa-000000000001')
  const guest = accountOf(auth, '22222222-bbbb-4bbb-8bbb-000000000002')
  const requests = [
    { scopes: ['Mail.Read'], account: home },
    { scopes: ['api://notes/Notes.Read'], account: home },
    { scopes: ['User.Read'], account: guest },
  ]
  for (const request of requests)
    expect((await auth.acquireTokenSilent(request)).fromCache).toBe(true)
  expect(provider.tokenRequests).toEqual([])
})

test('a sign-out removes all that version 1 stored of the account', async () => {
  const name = await leaveDatabase()
  const { auth } = await openClient(name)
  await auth.removeAccount(accountOf(auth, 'alice'))
  const left = (await keysOf(name)).filter((key) => key.includes('|alice|'))
  expect(left).toEqual([])
})

test('pending sign-ins, pauses and learned facts of version 1 continue to work', async () => {
  const name = await leaveDatabase()
  const store = await openStore({ location: 'indexeddb', name }, (cause) => expect.fail(`${cause}`))
  closing.push(store.close)
  const partition = partitionOf(issuer, 'spa', 'oidc')
  const transactions = createTransactions(partition, store)
  const redirect = await transactions.take(states.redirect, writtenAtMs)
  expect(redirect).toMatchObject({
    kind: 'redirect',
    appState: 'of the app',
    returnTo: 'https://app.example/inbox',
  })
  expect(await transactions.take(states.popup, writtenAtMs)).toMatchObject({ kind: 'popup' })
  const memory = createIframeSupport(partition, store, now)
  expect(await memory.recall(issuer)).toBe('works')
  const refused = createRefusedScopes(partition, store, now)
  const { metadata } = createFakeProvider({ now, issuer })
  expect(await refused.recall(issuer, metadata)).toEqual(['offline_access'])

  const accounts: AccountRegistry = createAccountRegistry(partition, store)
  await accounts.load()
  const bob = accounts.byKey('idp.example|bob|') ?? expect.fail('No bob.')
  const paused = createCooldown(partition, store, now)({ owner: bob }, async () => 'asked')
  await expect(paused).rejects.toMatchObject({ code: 'server_error' })
  expect(await createTokenCache(partition, store).refreshToken(bob)).toBeDefined()
  expect(await createConsentLedger(partition, store, now).entries(bob)).toHaveLength(1)
})
