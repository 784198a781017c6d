import { describe, expect, test } from 'vitest'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakeEntra } from '../testing/fake-entra.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps, graphRefreshToken } from '../testing/renewal.ts'
import { type TokenQueryDetails, toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const HOST = 'https://login.microsoftonline.com'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const GUEST_TID = '22222222-bbbb-4bbb-8bbb-000000000002'
const person = { uid: 'u-1', utid: TID }

async function setUp() {
  const platform = createFakePlatform((request) => entra.respond(request))
  const entra = createFakeEntra({ now: platform.now })
  const asked: string[] = []
  const deps = createRenewalDeps(platform, async (authority) => {
    asked.push(authority)
    return entra.metadata
  })
  const { store, cache, accounts, ledger } = deps
  const homeId = `u-1.${TID}`
  const alice = entraAccountFromClaims(entra.claimsOf(person), 'login.microsoftonline.com', homeId)
  await store.write([
    ...accounts.put({ account: alice, idToken: 'old-id-token', authority: entra.authority }),
    ...cache.keep(graphRefreshToken(alice, platform.now())),
  ])
  entra.onToken = (request) =>
    jsonResponse(entra.tokensFor(person, { scope: request.get('scope') }))
  const ask = (scopes: string[], details: TokenQueryDetails = {}) =>
    toTokenQuery(alice, scopes, { dialect: DIALECTS.entra, ...details })
  return { platform, entra, store, cache, accounts, ledger, deps, alice, ask, asked }
}

describe('a renewal at Entra', () => {
  test('requests the scopes of the query, and names the home account in the body, not in a header', async () => {
    const { entra, deps, ask, platform } = await setUp()
    await renew(ask(['User.Read']), deps)
    expect(Object.fromEntries(entra.tokenRequests[0] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 's3cret-refresh-0',
      client_id: 'spa',
      scope: 'User.Read offline_access openid profile',
      client_info: '1',
      'X-AnchorMailbox': `Oid:u-1@${TID}`,
    })
    expect(platform.requests[0]?.headers.has('x-anchormailbox')).toBe(false)
  })

  test('serves two resources with one refresh token, and each resource finds its own token', async () => {
    const { entra, deps, ask, cache, platform } = await setUp()
    entra.onToken = (request) => {
      const fields = { scope: request.get('scope'), refresh_token: undefined }
      return jsonResponse(entra.tokensFor(person, fields))
    }
    const graph = await renew(ask(['User.Read']), deps)
    const api = await renew(ask(['api://1111/Read']), deps)
    const used = entra.tokenRequests.map((request) => request.get('refresh_token'))
    expect(used).toEqual(['s3cret-refresh-0', 's3cret-refresh-0'])
    expect([graph.resource, api.resource]).toEqual(['https://graph.microsoft.com', 'api://1111'])
    const found = async (scope: string) => (await cache.find(ask([scope]), platform.now()))?.token
    expect(await found('https://graph.microsoft.com/user.read')).toBe(graph.token)
    expect(await found('api://1111/read')).toBe(api.token)
    expect(graph.token).not.toBe(api.token)
  })

  test('never names an RFC 8707 resource: the scopes do', async () => {
    const { entra, deps, ask } = await setUp()
    await renew(ask(['api://1111/Read'], { resource: 'https://api.example' }), deps)
    expect(entra.tokenRequests[0]?.has('resource')).toBe(false)
  })

  test('sends the claims that the token must answer', async () => {
    const { entra, deps, ask } = await setUp()
    const claims = '{"access_token":{"nbf":{"value":"1"}}}'
    await renew(ask(['User.Read'], { claims }), deps)
    expect(entra.tokenRequests[0]?.get('claims')).toBe(claims)
  })

  test("stores the keys of the scopes, and the server's spelling", async () => {
    const { entra, deps, ask } = await setUp()
    const answer = entra.tokensFor(person, { scope: 'Impersonate openid' })
    entra.onToken = () => jsonResponse(answer)
    const record = await renew(ask(['https://legacy.example//Impersonate']), deps)
    expect(record.grantedScopes).toEqual(['https://legacy.example//impersonate'])
    expect(record.grantedTexts).toEqual(['Impersonate', 'openid'])
  })
})

describe('a renewal in another tenant', () => {
  const authority = `${HOST}/${GUEST_TID}`

  test('sends the request to the tenant, and adds the guest account next to the home account', async () => {
    const { entra, deps, ask, accounts, alice, asked } = await setUp()
    const answer = entra.tokensFor({ ...person, tid: GUEST_TID })
    entra.onToken = () => jsonResponse(answer)
    const record = await renew(ask(['User.Read'], { authority }), deps)
    expect(asked).toEqual([authority])
    const guest = accounts.recordOf(record.owner)
    expect([guest?.account.tenantId, guest?.authority]).toEqual([GUEST_TID, authority])
    expect(guest?.account.homeAccountId).toBe(alice.homeAccountId)
    expect(accounts.record(alice)?.idToken).toBe('old-id-token')
    expect(accounts.list().map(({ tenantId }) => tenantId)).toEqual([TID, GUEST_TID])
    expect(guest?.account.tenantProfiles?.map(({ isHomeTenant }) => isHomeTenant)).toEqual([
      true,
      false,
    ])
  })

  test('that is the account’s own tenant by another name is remembered by that name', async () => {
    const { deps, ask, accounts, alice } = await setUp()
    const domain = `${HOST}/contoso.example`
    await renew(ask(['User.Read'], { authority: domain }), deps)
    expect(accounts.list()).toHaveLength(1)
    expect(accounts.inTenant(alice, domain, DIALECTS.entra)?.tenantId).toBe(TID)
  })

  test.each([
    ['another user of the home tenant', { uid: 'u-2', utid: TID, tid: GUEST_TID }, {}],
    ['another user of the same tenant', { uid: 'u-2', utid: TID }, {}],
    ['an unknown home account', { ...person, tid: GUEST_TID }, { client_info: undefined }],
  ])('with an ID token of %s is discarded, and nothing changes', async (_what, other, fields) => {
    const { entra, deps, ask, accounts, cache, alice } = await setUp()
    const answer = entra.tokensFor(other, fields)
    entra.onToken = () => jsonResponse(answer)
    const error = await failureOf(renew(ask(['User.Read'], { authority }), deps))
    expect(error.code).toBe('invalid_id_token')
    expect(accounts.list()).toHaveLength(1)
    expect((await cache.refreshToken(alice))?.token).toBe('s3cret-refresh-0')
  })
})

describe('a refusal of Entra', () => {
  test('for a missing consent keeps the refresh token, and is not repeated', async () => {
    const { entra, deps, ask, cache, alice, ledger } = await setUp()
    const fields = { error: 'invalid_grant', suberror: 'consent_required', error_codes: [65001] }
    entra.onToken = () => jsonResponse(fields, 400)
    const query = ask(['Mail.Read'])
    const error = await failureOf(renew(query, deps))
    expect(isInteractionRequired(error) && error.reason).toBe('consent')
    expect(error.oauth).toMatchObject({ suberror: 'consent_required', codes: [65001] })
    expect((await cache.refreshToken(alice))?.token).toBe('s3cret-refresh-0')
    expect(await ledger.states(query)).toEqual(['refused'])
    const again = await failureOf(renew(query, deps))
    expect(isInteractionRequired(again) && again.reason).toBe('consent')
    expect(entra.tokenRequests).toHaveLength(1)
  })

  test.each<[{ error_codes?: number[]; suberror?: string; claims?: string }, string]>([
    [{ error_codes: [50076] }, 'mfa'],
    [{ error_codes: [90094] }, 'admin_consent'],
    [{ suberror: 'basic_action' }, 'interaction'],
    [{ claims: '{"access_token":{}}' }, 'claims'],
  ])('with %j keeps the refresh token; the reason is %s', async (fields, reason) => {
    const { entra, deps, ask, cache, alice } = await setUp()
    entra.onToken = () => jsonResponse({ error: 'invalid_grant', ...fields }, 400)
    const error = await failureOf(renew(ask(['User.Read']), deps))
    expect(isInteractionRequired(error) && error.reason).toBe(reason)
    expect(isInteractionRequired(error) && error.request).toEqual({
      scopes: ['User.Read'],
      resource: undefined,
      account: alice,
      loginHint: 'u-1@contoso.example',
      claims: fields.claims,
    })
    expect((await cache.refreshToken(alice))?.token).toBe('s3cret-refresh-0')
  })

  test.each([
    [{ error_codes: [700084] }, 'refresh_token_expired'],
    [{ error_description: 'AADSTS700082: It expired.' }, 'refresh_token_expired'],
    [{ suberror: 'bad_token' }, 'login'],
    [{}, 'login'],
  ])('with %j deletes the refresh token; the reason is %s', async (fields, reason) => {
    const { entra, deps, ask, cache, alice, accounts, ledger } = await setUp()
    entra.onToken = () => jsonResponse({ error: 'invalid_grant', ...fields }, 400)
    const query = ask(['User.Read'])
    const error = await failureOf(renew(query, deps))
    expect(isInteractionRequired(error) && error.reason).toBe(reason)
    expect(await cache.refreshToken(alice)).toBeUndefined()
    expect(await ledger.states(query)).toEqual([undefined])
    expect(accounts.list()).toHaveLength(1)
  })

  test('because of the registration of the redirect URI does not need the user', async () => {
    const { entra, deps, ask, cache, alice } = await setUp()
    entra.onToken = () => jsonResponse({ error: 'invalid_request', error_codes: [9002326] }, 400)
    expect((await failureOf(renew(ask(['User.Read']), deps))).code).toBe('redirect_uri_not_spa')
    expect((await cache.refreshToken(alice))?.token).toBe('s3cret-refresh-0')
  })
})

test('the grants of a guest in another tenant are recorded for the guest only', async () => {
  const { entra, deps, ask, accounts, ledger } = await setUp()
  const answer = entra.tokensFor({ ...person, tid: GUEST_TID }, { scope: 'User.Read' })
  entra.onToken = () => jsonResponse(answer)
  const query = ask(['User.Read'], { authority: `${HOST}/${GUEST_TID}` })
  const record = await renew(query, deps)
  const guest = accounts.recordOf(record.owner)?.account ?? expect.fail('No guest.')
  expect(await ledger.states(ask(['User.Read']))).toEqual([undefined])
  const asGuest = { ...query, owner: guest, authority: undefined }
  expect(await ledger.states(asGuest)).toEqual(['granted'])
  expect(await ledger.states(query)).toEqual([undefined])
})

test('a token of another sign-in of the same account is discarded at Entra, too', async () => {
  const { entra, deps, ask, accounts, alice, store, cache } = await setUp()
  const held = (await cache.refreshToken(alice)) ?? expect.fail('No refresh token.')
  await store.write(cache.keep({ ...held, authTime: 2 }))
  const answer = entra.tokensFor(person, {}, { auth_time: 1 })
  entra.onToken = () => jsonResponse(answer)
  const error = await failureOf(renew(ask(['User.Read']), deps))
  expect(isInteractionRequired(error) && error.reason).toBe('login')
  expect(accounts.record(alice)?.idToken).toBe('old-id-token')
  expect((await cache.refreshToken(alice))?.token).toBe(answer.refresh_token)
})
