import {
  type Account,
  accountKey,
  createAccountRegistry,
  createMemoryStore,
  createTokenCache,
  groupOf,
  partitionOf,
  refreshTokenKey,
} from '@carnet/core'
import { accountFromClaims, entraAccountFromClaims } from '@carnet/core/fakes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTabChannel } from '../../startup/tabs/channel.ts'
import { type EndedSession, findEndedSession } from './ended-session.ts'
import { removeSession } from './front-channel-logout.ts'

const ACME = 'https://acme.example'
const GLOBEX = 'https://globex.example'
const ENTRA = 'https://login.microsoftonline.com/common/v2.0'
const scopes = { requestedScopes: ['read'], grantedScopes: ['read'], issuedAtMs: 0 }

/** Clients that share one cache. */
function setUp() {
  const store = createMemoryStore()
  const clients = new Map<string, { partition: string; held: Account[] }>()

  async function signsIn(authority: string, clientId: string, account: Account) {
    const profile = authority === ENTRA ? 'entra' : 'oidc'
    const partition = partitionOf(authority, clientId, profile)
    const { held } = clients.get(partition) ?? { held: [] }
    clients.set(partition, { partition, held: [...held, account] })
    const cache = createTokenCache(partition, store)
    const token = { owner: refreshTokenKey(account), ...scopes }
    await store.write([
      ...createAccountRegistry(partition, store).put({ account, idToken: 'x', authority }),
      ...cache.keep({ ...token, token: 'general' }),
      ...cache.keep({ ...token, token: 'of an API', resource: 'https://api.example' }),
    ])
    return { account, partition }
  }
  /** The accounts that are still signed in, with all of their refresh tokens. */
  async function left(): Promise<string[]> {
    const names: string[] = []
    for (const { partition, held } of clients.values()) {
      const cache = createTokenCache(partition, store)
      const accounts = createAccountRegistry(partition, store)
      await accounts.load()
      for (const account of held) {
        const tokens = await cache.refreshTokens(account)
        const isThere = accounts.byKey(accountKey(account)) !== undefined
        if (isThere) names.push(account.idTokenClaims.sub)
        expect(tokens).toHaveLength(isThere ? 2 : 0)
      }
    }
    return names.sort()
  }
  const ends = (session: EndedSession, partition?: string) =>
    removeSession(session, { store, cacheName: 'carnet', partition })
  return { signsIn, left, ends }
}

const of = (iss: string, sub: string, sid: string) => accountFromClaims({ iss, sub, sid })
const ofEntra = (tid: string, sub: string, sid: string) =>
  entraAccountFromClaims(
    { iss: `https://login.microsoftonline.com/${tid}/v2.0`, sub, tid, sid },
    'login.microsoftonline.com',
    undefined,
  )

test('the end of a session removes every refresh token of its account, and notifies the tabs', async () => {
  const { signsIn, left, ends } = setUp()
  const { partition } = await signsIn(ACME, 'spa', of(ACME, 'alice', '1'))
  await signsIn(ACME, 'spa', of(ACME, 'bob', '2'))
  const said: unknown[] = []
  const tab = openTabChannel(groupOf('carnet', partition), (data) => said.push(data))
  expect(await ends({ iss: ACME, sid: '1' })).toBe(true)
  expect(await left()).toEqual(['bob'])
  const message = { type: 'accountsChanged', account: 'acme.example|alice|' }
  await expect.poll(() => said).toEqual([message])
  tab.close()
})

test('a slash at the end of the issuer does not count', async () => {
  const { signsIn, left, ends } = setUp()
  await signsIn(ACME, 'spa', of(`${ACME}/`, 'alice', '1'))
  await signsIn(ACME, 'spa', of(ACME, 'bob', '2'))
  await ends({ iss: ACME, sid: '1' })
  await ends({ iss: `${ACME}/`, sid: '2' })
  expect(await left()).toEqual([])
})

describe('a session id without an issuer', () => {
  test('ends the session of this client in every tenant, and of no other client', async () => {
    const { signsIn, left, ends } = setUp()
    const { partition } = await signsIn(ENTRA, 'spa', ofEntra('t1', 'alice', '1'))
    await signsIn(ENTRA, 'spa', ofEntra('t2', 'alice as guest', '1'))
    await signsIn(ENTRA, 'spa', ofEntra('t1', 'bob', '2'))
    await signsIn(ENTRA, 'other', ofEntra('t1', 'carol', '1'))
    await signsIn(GLOBEX, 'spa', of(GLOBEX, 'dave', '1'))
    expect(await ends({ iss: undefined, sid: '1' }, partition)).toBe(true)
    expect(await left()).toEqual(['bob', 'carol', 'dave'])
  })

  test('finds no account if it is unknown', async () => {
    const { signsIn, left, ends } = setUp()
    const { partition } = await signsIn(ACME, 'spa', of(ACME, 'alice', '1'))
    for (const sid of ['2', '', 'undefined', '__proto__'])
      expect(await ends({ iss: undefined, sid }, partition)).toBe(false)
    expect(await left()).toEqual(['alice'])
  })

  test('ends the session on a page without a client, if it belongs to one issuer only', async () => {
    const { signsIn, left, ends } = setUp()
    await signsIn(ENTRA, 'spa', ofEntra('t1', 'alice', '1'))
    await signsIn(ENTRA, 'other', ofEntra('t2', 'alice elsewhere', '1'))
    await signsIn(GLOBEX, 'spa', of(GLOBEX, 'bob', '2'))
    expect(await ends({ iss: undefined, sid: '1' })).toBe(true)
    expect(await left()).toEqual(['bob'])
  })

  test('ends no session on a page without a client if two issuers use it', async () => {
    const { signsIn, left, ends } = setUp()
    await signsIn(ACME, 'spa', of(ACME, 'alice', '1'))
    await signsIn(GLOBEX, 'spa', of(GLOBEX, 'bob', '1'))
    expect(await ends({ iss: undefined, sid: '1' })).toBe(false)
    expect(await left()).toEqual(['alice', 'bob'])
  })
})

test('only accounts of the issuer and session are signed out, for any history', async () => {
  const issuers = fc.constantFrom(ACME, GLOBEX)
  const sids = fc.constantFrom('1', '2', '3')
  const person = fc.record({ iss: issuers, clientId: fc.constantFrom('spa', 'other'), sid: sids })
  const ending = fc.record({ iss: fc.option(issuers, { nil: undefined }), sid: sids })
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { maxLength: 6 }),
      ending,
      fc.constantFrom('spa', 'other'),
      issuers,
      async (people, session, clientId, authority) => {
        const { signsIn, left, ends } = setUp()
        const subs: string[] = []
        for (const [index, { iss, clientId: client, sid }] of people.entries()) {
          const sub = `${index}`
          await signsIn(iss, client, of(iss, sub, sid))
          const isMeant =
            session.iss === undefined
              ? client === clientId && iss === authority && sid === session.sid
              : iss === session.iss && sid === session.sid
          if (!isMeant) subs.push(sub)
        }
        await ends(session, partitionOf(authority, clientId, 'oidc'))
        expect(await left()).toEqual(subs)
      },
    ),
  )
})

test.each([
  ['?iss=https://acme.example&sid=1', { iss: ACME, sid: '1' }],
  ['?sid=1', { iss: undefined, sid: '1' }],
  ['?other=2&sid=1#top', { iss: undefined, sid: '1' }],
  ['?sid=1&iss=', undefined],
  ['?sid=', undefined],
  ['?iss=https://acme.example', undefined],
  ['?sid=1&sid=2', undefined],
  ['?sid=1&iss=https://acme.example&iss=https://globex.example', undefined],
  ['?sid=1&state=x', undefined],
  ['#sid=1', undefined],
])('the URL %s ends %j', (part, session) => {
  expect(findEndedSession(`https://app.example/${part}`)).toEqual(session)
})
