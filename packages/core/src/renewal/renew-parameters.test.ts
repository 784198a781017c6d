import { describe, expect, test } from 'vitest'
import type { Account } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import {
  type ParametersOfRequest,
  parameterKeys,
  requestParameters,
} from '../parameters/request-parameters.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createAcquireTokenSilent } from './acquire-token-silent.ts'
import { renew } from './renew.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const AUDIENCE = { extraParameters: { audience: 'https://api.example' } }

async function questionOf(request: ParametersOfRequest & { maxAgeMs?: number }, scopes = ['read']) {
  const parameters = requestParameters(request)
  const { claims, maxAgeMs } = request
  return toTokenQuery(alice, scopes, {
    claims,
    maxAgeMs,
    parameters,
    ...(await parameterKeys(parameters, DIALECTS.oidc)),
  })
}

/** Alice signed in with `AUDIENCE`; with `ageSeconds` the provider sent `auth_time`. */
async function setUp({ ageSeconds }: { ageSeconds?: number } = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const deps = createRenewalDeps(platform, async () => provider.metadata)
  const { grantKey, scopeKeys } = await questionOf(AUDIENCE)
  const authTime = ageSeconds === undefined ? undefined : platform.now() / 1000 - ageSeconds
  const held = { requestedScopes: scopeKeys, grantedScopes: scopeKeys, issuedAtMs: platform.now() }
  await deps.store.write([
    ...deps.accounts.put({ account: alice, idToken: 'x', authority: provider.issuer }),
    ...deps.cache.keep({ owner: 'idp.example|alice|', grantKey, token: 'r', authTime, ...held }),
  ])
  return { platform, provider, deps }
}

const reasonOf = async (call: Promise<unknown>) => {
  const error = await call.catch((caught: unknown) => caught)
  return isInteractionRequired(error) ? error : expect.fail(`Not needed: ${error}`)
}

describe('a renewal for request parameters', () => {
  test('redeems the grant of the parameters, repeats them, and stores the token under them', async () => {
    const { provider, deps, platform } = await setUp()
    const request = { ...AUDIENCE, tokenParameters: { tenant: 't' } }
    const record = await renew(await questionOf(request), deps)
    const [sent] = provider.tokenRequests
    expect([sent?.get('audience'), sent?.get('tenant')]).toEqual(['https://api.example', 't'])
    const find = async (asked: ParametersOfRequest) =>
      (await deps.cache.find(await questionOf(asked), platform.now()))?.token
    expect(await find(request)).toBe(record.token)
    expect([await find({}), await find(AUDIENCE)]).toEqual([undefined, undefined])
  })

  test.each<[string, ParametersOfRequest]>([
    ['no parameters', {}],
    ['other parameters', { extraParameters: { audience: 'https://other.example' } }],
    ['more parameters', { extraParameters: { ...AUDIENCE.extraParameters, organization: 'o' } }],
    ['additional claims', { ...AUDIENCE, claims: '{"id_token":{}}' }],
  ])(
    'never redeems the grant for %s, and the error has the request for the user',
    async (_what, request) => {
      const { provider, deps } = await setUp()
      const error = await reasonOf(renew(await questionOf(request), deps))
      expect(error.reason).toBe('no_tokens')
      expect(error.request.extraParameters).toEqual(request.extraParameters)
      expect(provider.tokenRequests).toEqual([])
    },
  )

  test('replaces no parameter of the protocol', async () => {
    const { provider, deps } = await setUp()
    const names = ['grant_type', 'refresh_token', 'client_id', 'scope', 'code']
    const tokenParameters = Object.fromEntries(names.map((name) => [name, 'evil']))
    await renew(await questionOf({ ...AUDIENCE, tokenParameters }), deps)
    expect(provider.tokenRequests[0]?.toString()).not.toContain('evil')
  })

  test('replaces the refresh token of its grant only', async () => {
    const { deps } = await setUp()
    const question = await questionOf(AUDIENCE)
    await renew(question, deps)
    expect((await deps.cache.refreshToken(alice, undefined, question.grantKey))?.token).toBe(
      's3cret-refresh-1',
    )
    expect(await deps.cache.refreshToken(alice)).toBeUndefined()
  })
})

describe('a request with `maxAgeMs`', () => {
  test('needs no user while the sign-in is recent enough', async () => {
    const { deps } = await setUp({ ageSeconds: 60 })
    const record = await renew(await questionOf({ ...AUDIENCE, maxAgeMs: 60_000 }), deps)
    expect(record.authTime).toBe(deps.platform.now() / 1000 - 60)
  })

  test.each([
    ['is too old', { ageSeconds: 61 }],
    ['has no known time', {}],
  ])('needs the user if the sign-in %s', async (_what, age) => {
    const { deps, provider } = await setUp(age)
    const error = await reasonOf(renew(await questionOf({ ...AUDIENCE, maxAgeMs: 60_000 }), deps))
    expect([error.reason, error.request.maxAgeMs]).toEqual(['login', 60_000])
    expect(provider.tokenRequests).toEqual([])
  })

  test('uses no cached token of a sign-in that is too old', async () => {
    const { deps, platform, provider } = await setUp({ ageSeconds: 0 })
    let renewals = 0
    const acquire = createAcquireTokenSilent<Account>({
      platform,
      lockOf: (key) => key,
      cache: deps.cache,
      renew: (query) => {
        renewals += 1
        return renew(query, deps)
      },
    })
    const ask = async (maxAgeMs?: number) =>
      acquire(await questionOf({ ...AUDIENCE, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) }))
    expect((await ask()).fromCache).toBe(false)
    platform.advance(30_000)
    expect((await ask(60_000)).fromCache).toBe(true)
    platform.advance(31_000)
    expect((await ask()).fromCache).toBe(true)
    expect((await reasonOf(ask(60_000))).reason).toBe('login')
    expect([renewals, provider.tokenRequests.length]).toEqual([2, 1])
  })
})

test('a refresh with a later `auth_time` does not change the age of the sign-in', async () => {
  const { deps, platform, provider } = await setUp({ ageSeconds: 0 })
  const question = await questionOf(AUDIENCE)
  const held = await deps.cache.refreshToken(alice, undefined, question.grantKey)
  await deps.store.write(
    held ? deps.cache.keep({ ...held, signedInAtMs: platform.now() }) : expect.fail('No token.'),
  )
  platform.advance(600_000)
  const authTime = platform.now() / 1000
  provider.onToken = () =>
    jsonResponse(provider.tokens({ id_token: provider.idToken({ auth_time: authTime }) }))
  expect((await renew(question, deps)).authTime).toBe(authTime - 600)
})
