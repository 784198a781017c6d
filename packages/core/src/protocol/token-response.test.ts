import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createHttp } from './http.ts'
import { refresh } from './refresh.ts'

/** Redeems a refresh token; `fields` override a valid response. */
async function redeem(
  fields: Record<string, unknown>,
  profile: 'oidc' | 'entra' = 'oidc',
  scope = 'read',
) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  provider.onToken = () => jsonResponse(provider.tokens(fields))
  const unused: unknown[] = []
  const request = {
    refreshToken: 's3cret-refresh-0',
    scopes: [scope],
    assumedScopes: [scope],
    resource: undefined,
    claims: undefined,
    homeAccountId: 'alice',
  }
  const deps = {
    metadata: provider.metadata,
    authority: provider.issuer,
    dialect: DIALECTS[profile],
    clientId: 'spa',
    http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
    now: platform.now,
    trueTimeMs: platform.trueTimeMs,
  }
  const grant = await refresh(request, deps, async (answer) => void unused.push(answer)).catch(
    (error: unknown) => (isAuthError(error) ? error.message : expect.fail(`${error}`)),
  )
  return { grant, unused }
}

describe.each([
  ['null', null],
  ['an empty text', ''],
])('a member with %s', (_what, nothing) => {
  test('counts as absent: the refresh token, the ID token, and the scopes', async () => {
    const fields = { refresh_token: nothing, id_token: nothing, scope: nothing }
    const { grant } = await redeem(fields)
    expect(grant).toMatchObject({
      accessToken: 's3cret-access-1',
      refreshToken: undefined,
      idToken: undefined,
      // The requested scopes (RFC 6749 section 5.1).
      grantedScopes: ['read'],
    })
  })

  test('counts as absent in a refused response, too', async () => {
    const fields = { refresh_token: nothing, id_token: nothing, access_token: undefined }
    const { grant, unused } = await redeem(fields)
    expect(grant).toMatch(/^The token response is not valid: /)
    expect(unused).toEqual([{ token_type: 'Bearer', expires_in: 3600 }])
  })
})

test('an empty access token is refused', async () => {
  expect((await redeem({ access_token: '' })).grant).toMatch(/^The token response is not valid: /)
})

test.each([
  [{ refresh_token_expires_in: 7200 }, 7200],
  // The name of Keycloak, where 0 means no end.
  [{ refresh_expires_in: 3600 }, 3600],
  [{ refresh_expires_in: 0 }, undefined],
  // The refresh token ends with the authorization behind it.
  [{ refresh_token_timeout: 100, authorization_expires_in: 200 }, 100],
  [{ refresh_token_timeout: 300, authorization_expires_in: 200 }, 200],
  [{ refresh_token_expires_in: 50, authorization_expires_in: 200 }, 50],
])('the end of the refresh token is in %j', async (fields, seconds) => {
  const { grant } = await redeem(fields)
  if (typeof grant === 'string') expect.fail(grant)
  const { refreshTokenExpiresAtMs: endMs, issuedAtMs } = grant
  expect(endMs).toBe(seconds && issuedAtMs + seconds * 1000)
})

test('the members of a response are kept as they were sent, without the tokens', async () => {
  const sent = { scope: 'openid read', ext_expires_in: 7200, session_state: 's.1', custom: [1] }
  const { grant } = await redeem(sent)
  expect(grant).toMatchObject({ members: { ...sent, token_type: 'Bearer', expires_in: 3600 } })
  expect(JSON.stringify((grant as { members: object }).members)).not.toContain('s3cret')
})

describe('a response without an access token', () => {
  const fields = {
    access_token: undefined,
    token_type: undefined,
    expires_in: undefined,
    id_token_expires_in: 600,
  }

  test('has the ID token and its lifetime, if Azure AD B2C got no scope of an API', async () => {
    const { grant, unused } = await redeem(fields, 'entra', 'openid')
    if (typeof grant === 'string') return expect.fail(grant)
    expect([grant.accessToken, grant.expiresAtMs - grant.issuedAtMs]).toEqual(['', 600_000])
    expect(grant.idTokenClaims?.sub).toBe('alice')
    expect(unused).toEqual([])
  })

  test('is refused for a scope of an API, and from every other provider', async () => {
    const refused = /^The response has no access token/
    expect((await redeem(fields, 'entra', 'api/read')).grant).toMatch(refused)
    expect((await redeem(fields, 'oidc', 'openid')).grant).toMatch(refused)
  })
})
