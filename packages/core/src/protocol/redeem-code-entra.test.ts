import { describe, expect, test } from 'vitest'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakeEntra } from '../testing/fake-entra.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { jsonResponse } from '../testing/fake-provider.ts'
import { createHttp } from './http.ts'
import { type PendingAuthorization, redeemCode } from './redeem-code.ts'

const HOST = 'https://login.microsoftonline.com'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const GUEST_TID = '22222222-bbbb-4bbb-8bbb-000000000002'
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'
const alice = { uid: 'u-1', utid: TID }
const pending: PendingAuthorization = {
  state: 'state-1',
  codeVerifier: 's3cret-verifier-of-at-least-forty-three-characters',
  nonce: 's3cret-nonce',
  redirectUri: 'https://app.example/',
  scopes: ['User.Read', 'api://1111/read', 'openid'],
  tokenScopes: ['User.Read', 'openid'],
}
const good = { code: 's3cret-code', state: 'state-1' }

function setUp(tenant = 'common') {
  const platform = createFakePlatform((request) => entra.respond(request))
  const entra = createFakeEntra({ now: platform.now, tenant })
  /** A token response of Entra for a tenant; the arguments override it. */
  const answer = (person = {}, claims = {}, fields = {}) => {
    const { nonce } = pending
    const body = entra.tokensFor({ ...alice, ...person }, fields, { nonce, ...claims })
    entra.onToken = () => jsonResponse(body)
  }
  answer()
  const redeem = (response: Record<string, string> = good, asked = pending) =>
    redeemCode(new URLSearchParams(response), asked, {
      metadata: entra.metadata,
      authority: entra.authority,
      dialect: DIALECTS.entra,
      clientId: 'spa',
      http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
      now: platform.now,
      trueTimeMs: platform.trueTimeMs,
    })
  return { platform, entra, answer, redeem }
}
describe('a code of Entra', () => {
  test('is redeemed for the resource of the token; the other scopes were for consent only', async () => {
    const { entra, redeem } = setUp()
    await redeem()
    expect(Object.fromEntries(entra.tokenRequests[0] ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 's3cret-code',
      code_verifier: pending.codeVerifier,
      redirect_uri: 'https://app.example/',
      client_id: 'spa',
      scope: 'User.Read openid',
      client_info: '1',
    })
  })

  test('gives the home account, also for a guest', async () => {
    const { redeem, answer } = setUp()
    answer({ tid: GUEST_TID })
    const grant = await redeem()
    expect([grant.homeAccountId, grant.idTokenClaims?.tid]).toEqual([`u-1.${TID}`, GUEST_TID])
  })

  test.each([undefined, 'garbage', 7, btoa('{"uid":"u"}')])(
    'with the client info %j still gives an account',
    async (client_info) => {
      const { redeem, answer } = setUp()
      answer({}, {}, { client_info })
      const grant = await redeem()
      expect([grant.homeAccountId, grant.idTokenClaims?.tid]).toEqual([undefined, TID])
    },
  )
})

describe('an ID token of Entra', () => {
  test.each([
    ['common', TID],
    ['common', CONSUMERS],
    ['organizations', TID],
    ['consumers', CONSUMERS],
    [TID, TID],
  ])('of %s may come from the tenant %s', async (tenant, tid) => {
    const { redeem, answer } = setUp(tenant)
    answer({ tid })
    expect((await redeem()).idTokenClaims?.iss).toBe(`${HOST}/${tid}/v2.0`)
  })

  test.each<[string, string, object, object]>([
    ['of a personal account', 'organizations', { tid: CONSUMERS }, {}],
    ['of an organization', 'consumers', { tid: TID }, {}],
    ['of another tenant', TID, { tid: GUEST_TID }, {}],
    ['with an issuer of another tenant than its `tid`', 'common', {}, { tid: GUEST_TID }],
    ['without a `tid`', 'common', {}, { tid: undefined }],
    ['with a `tid` that is no GUID', 'common', { tid: 'contoso.example' }, {}],
    ['with the template as its issuer', 'common', {}, { iss: `${HOST}/{tenantid}/v2.0` }],
    ['of another host', 'common', {}, { iss: `https://evil.example/${TID}/v2.0` }],
    [
      'of a host with a similar name',
      'common',
      {},
      { iss: `https://login.microsoftonline.com.evil.example/${TID}/v2.0` },
    ],
    ['with another nonce', 'common', {}, { nonce: 'other' }],
    ['for another client', 'common', {}, { aud: 'other' }],
  ])('%s is discarded if the authority is %s', async (_what, tenant, person, claims) => {
    const { redeem, answer } = setUp(tenant)
    answer(person, claims)
    expect((await failureOf(redeem())).code).toBe('invalid_id_token')
  })
})

describe('the issuer of a response (RFC 9207)', () => {
  test.each([`${HOST}/${TID}/v2.0`, `${HOST}/${GUEST_TID}/v2.0`])(
    '%s is accepted if every tenant may respond',
    async (iss) => {
      const { redeem } = setUp()
      expect((await redeem({ ...good, iss })).accessToken).toBe('s3cret-access-1')
    },
  )

  test.each([
    `https://login.microsoftonline.com.evil.example/${TID}/v2.0`,
    `${HOST}/{tenantid}/v2.0`,
    `${HOST}/common/v2.0`,
    `${HOST}/${TID}/v2.0/`,
    '',
  ])('%j is refused, and the code is not redeemed', async (iss) => {
    const { redeem, platform } = setUp()
    const error = await failureOf(redeem({ ...good, iss }))
    expect(error.code).toBe('issuer_identification_failed')
    expect(platform.requests).toEqual([])
  })

  test('a tenant may respond only for itself', async () => {
    const { redeem } = setUp(TID)
    const error = await failureOf(redeem({ ...good, iss: `${HOST}/${GUEST_TID}/v2.0` }))
    expect(error.code).toBe('issuer_identification_failed')
  })
})

test('the code is redeemed for the home tenant too', async () => {
  const { entra, redeem } = setUp()
  await redeem(good, { ...pending, anchorMailbox: `Oid:u-1@${TID}` })
  expect(entra.tokenRequests[0]?.get('X-AnchorMailbox')).toBe(`Oid:u-1@${TID}`)
})

test('a response without an access token causes an error with advice', async () => {
  const { redeem, answer } = setUp()
  answer({}, {}, { access_token: undefined })
  const error = await failureOf(redeem())
  expect(error.code).toBe('invalid_response')
  expect(error.message).toContain('scope of an API')
})

describe('an error of Entra', () => {
  test.each([
    ['AADSTS90094: Admin consent is required.', 'interaction_required', 'admin_consent'],
    ['AADSTS50076: More is needed.', 'interaction_required', 'mfa'],
    ['AADSTS16000: Pick one.', 'interaction_required', 'interaction'],
    ['AADSTS65001: Not consented.', 'consent_required', 'consent'],
    ['AADSTS90094: Admin consent is required.', 'access_denied', 'admin_consent'],
    ['AADSTS90094: Admin consent is required.', 'unauthorized_client', 'admin_consent'],
  ])('in the redirect, %s, needs the user', async (error_description, error, reason) => {
    const { redeem, platform } = setUp()
    const failure = await failureOf(redeem({ state: 'state-1', error, error_description }))
    expect(isInteractionRequired(failure) && failure.reason).toBe(reason)
    expect(failure.oauth?.codes).toEqual([Number(/\d+/.exec(error_description)?.[0])])
    expect(platform.requests).toEqual([])
  })

  test('is `access_denied` if the user declined', async () => {
    const { redeem } = setUp()
    const error_description = 'AADSTS65004: User declined to consent to access the app.'
    const response = { state: 'state-1', error: 'access_denied', error_description }
    expect((await failureOf(redeem(response))).code).toBe('access_denied')
  })

  test('with claims passes them on', async () => {
    const { redeem } = setUp()
    const claims = '{"id_token":{"acrs":{"value":"c1"}}}'
    const response = { state: 'state-1', error: 'interaction_required', claims }
    const failure = await failureOf(redeem(response))
    expect(isInteractionRequired(failure) && failure.request.claims).toBe(claims)
  })

  test('about a redirect URI of another platform has its own error code', async () => {
    const { redeem, entra } = setUp()
    const body = { error: 'invalid_request', error_codes: [9002326] }
    entra.onToken = () => jsonResponse(body, 400)
    expect((await failureOf(redeem())).code).toBe('redirect_uri_not_spa')
  })
})

test('a response of Entra without `scope` grants only the scopes of the token', async () => {
  const { redeem } = setUp()
  expect((await redeem()).grantedScopes).toEqual(['User.Read', 'openid'])
})

test.each(['oidc', 'entra'] as const)(
  'a response that names two issuers is refused, whichever comes first (%s)',
  async (profile) => {
    const { entra, platform } = setUp(TID)
    const { metadata, authority } = entra
    const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
    const { now, trueTimeMs } = platform
    const deps = {
      metadata,
      authority,
      dialect: DIALECTS[profile],
      clientId: 'spa',
      http,
      now,
      trueTimeMs,
    }
    const response = new URLSearchParams({ ...good, iss: metadata.issuer })
    response.append('iss', 'https://evil.example')
    const error = await failureOf(redeemCode(response, pending, deps))
    expect(error.code).toBe('issuer_identification_failed')
    expect(platform.requests).toEqual([])
  },
)
