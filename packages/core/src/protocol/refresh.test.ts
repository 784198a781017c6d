import { expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createHttp } from './http.ts'
import { refreshPart } from './refresh.ts'

/** A refresh at a provider that refuses requests with a `scope` parameter. */
function setUp(error = 'invalid_scope') {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  provider.onToken = (parameters) =>
    parameters.has('scope')
      ? jsonResponse({ error, error_description: 'scope parameter not supported' }, 400)
      : jsonResponse(provider.tokens())
  const redeem = (scopes: string[], granted: string[], profile: 'oidc' | 'entra' = 'oidc') => {
    const request = {
      refreshToken: 's3cret-refresh',
      scopes,
      assumedScopes: scopes,
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
    return refreshPart(request, granted, deps, async () => undefined)
  }
  const sent = () => provider.tokenRequests.map((request) => request.get('scope'))
  return { redeem, sent }
}

const codeOf = (error: unknown) => isAuthError(error) && error.oauth?.error

test('if a server refuses the scope parameter, the whole grant is requested', async () => {
  const { redeem, sent } = setUp()
  const { grantedScopes } = await redeem(['read'], ['mail', 'read'])
  expect(grantedScopes).toEqual(['mail', 'read'])
  expect(sent()).toEqual(['read', null])
})

test.each<[string, string[], string, 'oidc' | 'entra']>([
  ['a scope that was never granted', ['write'], 'invalid_scope', 'oidc'],
  ['an invalid refresh token', ['read'], 'invalid_grant', 'oidc'],
  ['Entra, which always accepts the parameter', ['read'], 'invalid_scope', 'entra'],
])('the request is not repeated for %s', async (_what, scopes, error, profile) => {
  const { redeem, sent } = setUp(error)
  const failure = await redeem(scopes, ['mail', 'read'], profile).catch((caught) => caught)
  expect(codeOf(failure)).toBe(error)
  expect(sent()).toEqual([scopes.join(' ')])
})
