import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createConsentLedger } from './consent-ledger.ts'

const MINUTE_MS = 60_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
const ask = (scopes: string[], resource?: string) => toTokenQuery(alice, scopes, { resource })
const GRAPH = 'https://graph.microsoft.com'

function setUp() {
  const store = createMemoryStore()
  let nowMs = Date.UTC(2030, 0, 1)
  const open = (clientId = 'spa') => createConsentLedger(clientId, store, () => nowMs)
  const ledger = open()
  const grant = async (query: ReturnType<typeof ask>, granted: string[]) => {
    await store.write(await ledger.noteGrant(query, granted, query.scopeKeys))
  }
  const advance = (ms: number) => {
    nowMs += ms
  }
  return { store, open, ledger, grant, advance, now: () => nowMs }
}

describe('the state of a scope', () => {
  test('is undefined before the first request', async () => {
    const { ledger } = setUp()
    expect(await ledger.states(ask(['read', 'write']))).toEqual([undefined, undefined])
    expect(await ledger.states(ask([]))).toEqual([])
  })

  test('is granted or declined after a request', async () => {
    const { ledger, grant } = setUp()
    await grant(ask(['read', 'write']), ['read'])
    expect(await ledger.states(ask(['mail', 'read', 'write']))).toEqual([
      undefined,
      'granted',
      'declined',
    ])
  })

  test('is the result of the last request', async () => {
    const { ledger, grant } = setUp()
    await grant(ask(['read', 'write']), ['read'])
    await grant(ask(['write']), ['write'])
    expect(await ledger.states(ask(['read', 'write']))).toEqual(['granted', 'granted'])
    await grant(ask(['read']), [])
    expect(await ledger.states(ask(['read', 'write']))).toEqual(['declined', 'granted'])
  })

  test('survives a reload, for this client only', async () => {
    const { open, grant } = setUp()
    await grant(ask(['read']), ['read'])
    expect(await open().states(ask(['read']))).toEqual(['granted'])
    expect(await open('other').states(ask(['read']))).toEqual([undefined])
  })

  test('belongs to one account and one resource', async () => {
    const { ledger, grant } = setUp()
    await grant(ask(['read'], 'https://a.example'), ['read'])
    expect(await ledger.states(ask(['read'], 'https://b.example'))).toEqual([undefined])
    expect(await ledger.states(ask(['read']))).toEqual([undefined])
    const ofBob = toTokenQuery(bob, ['read'], { resource: 'https://a.example' })
    expect(await ledger.states(ofBob)).toEqual([undefined])
  })

  test('is the same in every spelling on Entra', async () => {
    const { ledger, store } = setUp()
    const asked = toTokenQuery(alice, ['User.Read', 'Mail.Read'], { dialect: DIALECTS.entra })
    await store.write(await ledger.noteGrant(asked, [`${GRAPH}/user.read`], asked.scopeKeys))
    const again = toTokenQuery(alice, [`${GRAPH}/USER.READ`, 'mail.read'], {
      dialect: DIALECTS.entra,
    })
    expect(await ledger.states(again)).toEqual(['granted', 'declined'])
  })

  test('equals the recorded result of each scope, in any spelling', async () => {
    const scopes = fc.subarray(['a', 'b', 'c', '__proto__', 'constructor'])
    await fc.assert(
      fc.asyncProperty(scopes, scopes, scopes, async (asked, agreed, later) => {
        const { ledger, grant } = setUp()
        const granted = asked.filter((scope) => agreed.includes(scope))
        await grant(ask(asked), granted)
        const question = ask(later)
        // A response that lists no scope of the API does not mean that the user declined all scopes.
        const missing = granted.length > 0 ? 'declined' : 'unknown'
        const known = (text: string) => (granted.includes(text) ? 'granted' : missing)
        expect(await ledger.states(question)).toEqual(
          question.requestedScopes.map((text) => (asked.includes(text) ? known(text) : undefined)),
        )
      }),
    )
  })
})

describe('a refusal without the user', () => {
  test('holds for ten minutes', async () => {
    const { ledger, advance } = setUp()
    await ledger.noteRefusal(ask(['write']))
    advance(10 * MINUTE_MS)
    expect(await ledger.states(ask(['write']))).toEqual(['refused'])
    advance(1)
    expect(await ledger.states(ask(['write']))).toEqual([undefined])
  })

  test('does not change granted scopes', async () => {
    const { ledger, grant } = setUp()
    await grant(ask(['read']), ['read'])
    await ledger.noteRefusal(ask(['mail', 'read']))
    expect(await ledger.states(ask(['mail', 'read']))).toEqual(['refused', 'granted'])
  })

  test('ends when the user consents', async () => {
    const { ledger, grant } = setUp()
    await ledger.noteRefusal(ask(['write']))
    await grant(ask(['write']), ['write'])
    expect(await ledger.states(ask(['write']))).toEqual(['granted'])
  })

  test('expires, but a decision of the user does not', async () => {
    const { ledger, grant, advance } = setUp()
    await grant(ask(['read', 'write']), ['read'])
    advance(365 * 24 * 60 * MINUTE_MS)
    expect(await ledger.states(ask(['read', 'write']))).toEqual(['granted', 'declined'])
  })
})

describe('the entries of an account', () => {
  test("are one record per resource, with the app's spelling and the time", async () => {
    const { ledger, store, now } = setUp()
    const graph = toTokenQuery(alice, ['User.Read'], { dialect: DIALECTS.entra })
    const api = toTokenQuery(alice, ['api://1111/Read'], { dialect: DIALECTS.entra })
    await store.write(await ledger.noteGrant(graph, [`${GRAPH}/user.read`], graph.scopeKeys))
    await store.write(await ledger.noteGrant(api, [], api.scopeKeys))
    const requestedAtMs = now()
    expect(await ledger.entries(alice)).toEqual([
      {
        resource: GRAPH,
        entries: {
          [`${GRAPH}/user.read`]: { scope: 'User.Read', state: 'granted', requestedAtMs },
        },
      },
      {
        resource: 'api://1111',
        entries: {
          'api://1111/read': { scope: 'api://1111/Read', state: 'declined', requestedAtMs },
        },
      },
    ])
  })

  test('are removed with the account; entries of other accounts stay', async () => {
    const { ledger, store, grant } = setUp()
    await grant(ask(['read']), ['read'])
    await grant(ask(['read'], 'https://a.example'), ['read'])
    const ofBob = toTokenQuery(bob, ['read'])
    await store.write(await ledger.noteGrant(ofBob, ['read'], ['read']))
    await store.write(ledger.removal(alice))
    expect(await ledger.entries(alice)).toEqual([])
    expect(await ledger.states(ask(['read']))).toEqual([undefined])
    expect(await ledger.entries(bob)).toHaveLength(1)
  })

  test.each([
    null,
    'text',
    { resource: 7, entries: {} },
    { resource: '', entries: { read: { scope: 'read', state: 'maybe', requestedAtMs: 1 } } },
    { resource: '', entries: { read: { scope: 7, state: 'granted', requestedAtMs: 1 } } },
    { resource: '', entries: { read: { scope: 'read', state: 'granted', requestedAtMs: 'now' } } },
    { resource: '', entries: { read: null } },
  ])('with the content %j do not count, and the next grant is recorded', async (value) => {
    const { ledger, store, grant } = setUp()
    const key = `spa|${accountKey(alice)}|`
    const tags = [`spa|${accountKey(alice)}`]
    const record = { key, tags, expiresAtMs: 8e15, value }
    await store.write([{ type: 'put', collection: 'consents', record }])
    expect(await ledger.states(ask(['read']))).toEqual([undefined])
    expect(await ledger.entries(alice)).toEqual([])
    await grant(ask(['read']), ['read'])
    expect(await ledger.states(ask(['read']))).toEqual(['granted'])
  })
})

test('a query without scopes leaves no entry', async () => {
  const { ledger } = setUp()
  expect(await ledger.noteGrant(ask([]), ['read'], [])).toEqual([])
})

test('a scope that a plain provider renamed is granted', async () => {
  const { ledger, store } = setUp()
  const query = ask(['Read'])
  await store.write(await ledger.noteGrant(query, ['https://api/Read', 'mail'], ['Read', 'mail']))
  expect(await ledger.states(query)).toEqual(['granted'])
  await store.write(await ledger.noteGrant(query, ['mail'], ['Read', 'mail']))
  expect(await ledger.states(query)).toEqual(['declined'])
})

test('a refusal from the future does not count: the clock was set back', async () => {
  const { ledger, advance } = setUp()
  await ledger.noteRefusal(ask(['write']))
  advance(-365 * 24 * 60 * MINUTE_MS)
  expect(await ledger.states(ask(['write']))).toEqual([undefined])
})

test('a lost grant is removed; nothing is written for a removed account', async () => {
  const store = createMemoryStore()
  const ledger = createConsentLedger('spa', store, () => 0)
  const query = ask(['mail', 'read', 'write'])
  await ledger.forgetGrants(alice, '', ['read'])
  expect(await ledger.entries(alice)).toEqual([])
  await store.write(await ledger.noteGrant(query, ['mail', 'read'], query.scopeKeys))
  await ledger.forgetGrants(alice, '', ['read', 'write'])
  expect(await ledger.states(query)).toEqual(['granted', undefined, 'declined'])
})
