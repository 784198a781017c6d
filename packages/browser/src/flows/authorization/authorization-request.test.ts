import { type Account, createMemoryStore, toTokenQuery } from '@carnet/core'
import {
  accountFromClaims,
  createFakeEntra,
  createFakePlatform,
  entraAccountFromClaims,
} from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import type { AuthClientOptions } from '../../api/options.ts'
import { createContext } from '../../context/create-context.ts'
import { fakeAnnounce, fakePage, fakeStart, silentChannel } from '../../testing/fakes.ts'
import { testConfig } from '../../testing/test-config.ts'
import { createCustody } from '../../worker/custody.ts'
import { type StartRequest, startAuthorization } from './authorization-request.ts'
import { createRefusedScopes } from './refused-scopes.ts'
import { createTransactions } from './transactions.ts'

const origin = 'https://app.example'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const OIDC = 'https://idp.example'

function setUp(options: Partial<AuthClientOptions> = {}, document: object = {}) {
  const platform = createFakePlatform(() => Response.error())
  const entra = createFakeEntra({ now: platform.now })
  const base = { clientId: 'spa', authority: OIDC, fetch: platform.fetch, clock: platform }
  const config = testConfig({ ...base, ...options }, origin)
  const store = { ...createMemoryStore(), isDegraded: () => false, withLease: platform.withLock }
  const page = fakePage(origin, { href: () => `${origin}/inbox` })
  const announce = fakeAnnounce()
  const custody = createCustody(config, () => undefined)
  const channel = silentChannel
  const context = createContext({
    ...fakeStart(),
    ...{ config, page, platform, store, announce, custody, channel },
  })
  const { ledger } = context
  const transactions = createTransactions('spa', store)
  const asked: string[] = []
  const metadataOf = async (authority: string) => {
    asked.push(authority)
    return { ...entra.metadata, ...document }
  }
  async function start(request: Omit<StartRequest, 'correlationId'>) {
    const whole = { correlationId: 'c-1', ...request }
    const { url, transaction } = await startAuthorization(whole, 'popup', context, {
      refused: createRefusedScopes('spa', store, platform.now),
      metadataOf,
      transactions,
    })
    return { parameters: new URL(url).searchParams, transaction }
  }
  /** Writes down that of `asked` the user agreed to `granted`. */
  async function agree(account: Account, scopes: string[], granted = scopes, resource?: string) {
    const query = toTokenQuery(account, scopes, { dialect: config.dialect, resource })
    await store.write(await ledger.noteGrant(query, granted, query.scopeKeys))
  }
  return { start, agree, asked, store }
}

const alice = accountFromClaims({ iss: OIDC, sub: 'alice', email: 'alice@idp.example' })
const entraAlice = (claims: object = {}) =>
  entraAccountFromClaims(
    { iss: `https://x/${TID}`, sub: 's', tid: TID, preferred_username: 'alice', ...claims },
    'login.microsoftonline.com',
    `u-1.${TID}`,
  )
const entraOptions = { authority: 'https://login.microsoftonline.com/common' }

describe('a request that extends a grant', () => {
  test('repeats the whole grant at a plain provider, and its token has only the new scopes', async () => {
    const { start, agree } = setUp()
    await agree(alice, ['read', 'write'], ['read'])
    const { parameters, transaction } = await start({ addsTo: alice, scopes: ['mail'] })
    expect(parameters.get('scope')).toBe('mail offline_access openid profile read')
    expect(transaction.tokenScopes).toEqual(['mail', 'offline_access', 'openid', 'profile'])
  })

  test('does not repeat declined scopes, unless the request names them', async () => {
    const { start, agree } = setUp()
    await agree(alice, ['read', 'write'], ['read'])
    const { parameters } = await start({ addsTo: alice, scopes: ['write'] })
    expect(parameters.get('scope')).toBe('offline_access openid profile read write')
  })

  test('does not repeat the grants of another resource', async () => {
    const { start, agree } = setUp()
    await agree(alice, ['read'], ['read'], 'https://a.example')
    await agree(alice, ['see'], ['see'], 'https://b.example')
    const request = { addsTo: alice, scopes: ['mail'], resource: 'https://a.example' }
    expect((await start(request)).parameters.get('scope')).toBe(
      'mail offline_access openid profile read',
    )
  })

  test('requests only the new scopes on Entra, which adds them to the grant', async () => {
    const { start, agree } = setUp(entraOptions)
    await agree(entraAlice(), ['User.Read'], ['https://graph.microsoft.com/user.read'])
    const resource = 'https://graph.microsoft.com' // The ledger knows the grant by it.
    const request = { addsTo: entraAlice(), scopes: ['Mail.Read'], resource }
    const { parameters } = await start(request)
    expect(parameters.get('scope')).toBe('Mail.Read offline_access openid profile')
  })

  test('without an account repeats no scopes', async () => {
    const { start, agree } = setUp()
    await agree(alice, ['read'])
    const { parameters } = await start({ account: alice, scopes: ['mail'] })
    expect(parameters.get('scope')).toBe('mail offline_access openid profile')
  })
})

test('scopes for consent only are in the request, not in the token', async () => {
  const { start } = setUp(entraOptions)
  const { parameters, transaction } = await start({
    scopes: ['User.Read'],
    extraScopesToConsent: ['api://1111/Read'],
  })
  expect(parameters.get('scope')).toBe('User.Read api://1111/Read offline_access openid profile')
  expect(transaction.tokenScopes).toEqual(['User.Read', 'offline_access', 'openid', 'profile'])
})

describe('the hint of the user', () => {
  const hintsOf = async (
    request: Omit<StartRequest, 'correlationId'>,
    options: Partial<AuthClientOptions> = entraOptions,
  ) => {
    const { parameters } = await setUp(options).start(request)
    return [parameters.get('login_hint'), parameters.get('sid')]
  }
  const hinted = entraAlice({ login_hint: 'opaque-hint', sid: 'session-1' })
  const inSession = entraAlice({ sid: 'session-1' })

  test('is the hint of the app, before the hint of the account', async () => {
    expect(await hintsOf({ account: hinted, loginHint: 'bob' })).toEqual(['bob', null])
  })

  test('is the account’s own hint, before its session and its name', async () => {
    expect(await hintsOf({ account: hinted })).toEqual(['opaque-hint', null])
    expect(await hintsOf({ account: hinted, prompt: 'none' })).toEqual(['opaque-hint', null])
  })

  test('is the session of the account on Entra in a silent request', async () => {
    expect(await hintsOf({ account: inSession, prompt: 'none' })).toEqual([null, 'session-1'])
  })

  test('is the account’s name, if the user can choose an account', async () => {
    expect(await hintsOf({ account: inSession })).toEqual(['alice', null])
  })

  test('is the name of the account at a plain provider, where sessions are no hints', async () => {
    const claims = { iss: OIDC, sub: 'auth0|7', upn: 'alice', sid: 'session-1' }
    const account = accountFromClaims(claims)
    expect(await hintsOf({ account, prompt: 'none' }, {})).toEqual(['alice', null])
  })

  test('is absent if the account has no name, because a `sub` is no hint', async () => {
    const account = accountFromClaims({ iss: OIDC, sub: 'auth0|7' })
    expect(await hintsOf({ account }, {})).toEqual([null, null])
  })

  test('is the session in the request of the app', async () => {
    expect(await hintsOf({ sid: 'session-2' })).toEqual([null, 'session-2'])
    expect(await hintsOf({ account: inSession, sid: 'session-2', prompt: 'none' })).toEqual([
      null,
      'session-2',
    ])
  })

  test('is the account whose grant is extended; missing without an account', async () => {
    expect(await hintsOf({ addsTo: alice }, {})).toEqual(['alice@idp.example', null])
    expect(await hintsOf({}, {})).toEqual([null, null])
  })

  test('is the requested account, before the account whose grant is extended', async () => {
    const bob = accountFromClaims({ iss: OIDC, sub: 'b', email: 'bob' })
    expect(await hintsOf({ account: bob, addsTo: alice }, {})).toEqual(['bob', null])
  })
})

describe('the other parameters for Entra', () => {
  test('identify the home account; other providers do not get them', async () => {
    const request = { scopes: ['User.Read'] }
    expect((await setUp(entraOptions).start(request)).parameters.get('client_info')).toBe('1')
    expect((await setUp().start(request)).parameters.has('client_info')).toBe(false)
  })

  test('contain the `X-AnchorMailbox` of the user, at both endpoints', async () => {
    const { start } = setUp(entraOptions)
    const anchorOf = async (request: Omit<StartRequest, 'correlationId'>) => {
      const { parameters, transaction } = await start(request)
      expect(transaction.anchorMailbox).toBe(parameters.get('X-AnchorMailbox') ?? undefined)
      return transaction.anchorMailbox
    }
    expect(await anchorOf({ account: entraAlice(), loginHint: 'x' })).toBe(`Oid:u-1@${TID}`)
    expect(await anchorOf({ addsTo: entraAlice() })).toBe(`Oid:u-1@${TID}`)
    expect(await anchorOf({ addsTo: entraAlice(), loginHint: 'bob' })).toBe('UPN:bob')
    expect(await anchorOf({})).toBeUndefined()
    const plain = await setUp().start({ addsTo: alice, loginHint: 'bob' })
    expect(plain.parameters.has('X-AnchorMailbox')).toBe(false)
  })

  test('include `offline_access`, although the document lists only `openid`', async () => {
    const { start } = setUp(entraOptions, { scopes_supported: ['openid'] })
    const { parameters } = await start({})
    expect(parameters.get('scope')).toBe('offline_access openid profile')
    const plain = await setUp({}, { scopes_supported: ['openid'] }).start({})
    expect(plain.parameters.get('scope')).toBe('openid')
  })

  test('contain the client capabilities, beside the claims of the request', async () => {
    const { start } = setUp({ ...entraOptions, clientCapabilities: ['cp1'] })
    const { parameters } = await start({ claims: '{"access_token":{"x":null}}' })
    expect(JSON.parse(parameters.get('claims') ?? '')).toEqual({
      access_token: { x: null, xms_cc: { values: ['cp1'] } },
    })
  })

  test('goes to the tenant in the request, and only that tenant may respond', async () => {
    const { start, asked } = setUp(entraOptions)
    const authority = `https://login.microsoftonline.com/${TID}`
    expect((await start({ authority })).transaction.authority).toBe(authority)
    expect((await start({})).transaction.authority).toBe(entraOptions.authority)
    expect(asked).toEqual([authority, entraOptions.authority])
  })
})

test('a popup works if its transaction cannot be stored, because the waiting page has it in memory', async () => {
  const { start, store } = setUp()
  store.write = () => Promise.reject(new Error('closed'))
  const { parameters, transaction } = await start({})
  expect(parameters.get('state')).toBe(transaction.state)
  await new Promise((next) => setTimeout(next)) // No promise rejects without a handler.
})
