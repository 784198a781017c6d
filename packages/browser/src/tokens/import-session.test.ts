import { toTokenQuery } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import type { ImportedSession } from '../api/imported-session.ts'
import type { Context } from '../context/context.ts'
import { createFacelessClient } from '../testing/faceless-client.ts'
import { importSession } from './import-session.ts'
import { queryOf } from './query-of.ts'

const scopes = ['read']

function setUp(options: object = {}) {
  const client = createFacelessClient('oidc', options)
  const { context, network, provider, platform } = client
  const session = (more: Partial<ImportedSession> = {}, claims: object = {}): ImportedSession => ({
    idToken: provider.idToken({ sub: 'alice', ...claims }),
    accessTokens: [{ token: 'at-1', scopes, expiresAtMs: platform.now() + 600_000 }],
    refreshToken: { token: 'rt-1' },
    ...more,
  })
  const load = (given: ImportedSession, at: Context = context) => importSession(given, at, network)
  return { ...client, session, load }
}

const problemOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    ({ code, message }) => `${code}: ${message}`,
  )

describe('an imported session', () => {
  test('answers from the cache, and is renewed with its refresh token', async () => {
    const { load, session, context, renew, provider } = setUp()
    const account = await load(session())
    expect([account.homeAccountId, context.accounts.active()]).toEqual(['alice', undefined])
    const query = toTokenQuery(account, scopes)
    expect((await context.cache.find(query, context.platform.now()))?.token).toBe('at-1')
    expect(provider.tokenRequests).toEqual([])
    await renew(account, ...scopes)
    expect(provider.tokenRequests.map((body) => body.get('refresh_token'))).toEqual(['rt-1'])
  })

  test('is renewed with the parameters of the client', async () => {
    const { load, session, context, network, provider } = setUp({
      extraParameters: { audience: 'api' },
      tokenParameters: { slice: 'test' },
    })
    const account = await load(session())
    const query = await queryOf(account, { scopes }, context)
    expect(query.parametersKey).toBeTruthy()
    expect((await context.cache.find(query, context.platform.now()))?.token).toBe('at-1')
    await network.renew(query)
    const sent = provider.tokenRequests.map((body) => [
      body.get('refresh_token'),
      body.get('audience'),
      body.get('slice'),
    ])
    expect(sent).toEqual([['rt-1', 'api', 'test']])
  })

  test('becomes active only if that is asked for', async () => {
    const { load, session, context } = setUp()
    await load(session({ activates: true }))
    expect(context.accounts.active()?.homeAccountId).toBe('alice')
  })

  test('never replaces what is newer here', async () => {
    const { load, session, context, platform } = setUp()
    const account = await load(session())
    const older = { iat: Math.floor(platform.now() / 1000) - 9000, name: 'Old name' }
    const again = session({ refreshToken: { token: 'rt-0' } }, older)
    await load({ ...again, accessTokens: [{ token: 'at-0', scopes, expiresAtMs: 9e12 }] })
    const [refresh] = await context.cache.refreshTokens(account)
    const held = await context.cache.find(toTokenQuery(account, scopes), platform.now())
    expect(context.accounts.byKey(account.id)?.name).not.toBe('Old name')
    expect(held?.token).toBe('at-1')
    expect(refresh?.token).toBe('rt-1')
  })

  test('carries the expiry of its refresh token over, and leaves expired access tokens out', async () => {
    const { load, session, context, platform } = setUp()
    const expiresAtMs = platform.now() + 86_400_000
    const account = await load(
      session({
        refreshToken: { token: 'rt-1', expiresAtMs },
        accessTokens: [{ token: 'old', scopes, expiresAtMs: platform.now() - 1 }],
      }),
    )
    const [refresh] = await context.cache.refreshTokens(account)
    expect(refresh?.expiresAtMs).toBe(expiresAtMs)
    expect(await context.cache.lastEndMs(account, 0)).toBeUndefined()
  })
})

describe('a session that does not belong to the client', () => {
  test.each([
    [{ iss: 'https://evil.example' }, 'another issuer'],
    [{ aud: 'other' }, 'another client'],
    [{ sub: '' }, 'no `sub`'],
  ])('is refused: %j', async (claims, problem) => {
    const { load, session, context } = setUp()
    expect(await problemOf(load(session({}, claims)))).toContain(problem)
    expect(context.accounts.list()).toEqual([])
  })

  test('is refused if its ID token cannot be read, or a worker would hold its refresh token', async () => {
    const { load, session, context } = setUp()
    expect(await problemOf(load(session({ idToken: 'x.y.z' })))).toContain('invalid_id_token')
    const config = { ...context.config, tokens: 'worker' } as const
    const refused = problemOf(load(session(), { ...context, config }))
    expect(await refused).toContain('invalid_request')
  })
})
