import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isAuthError } from '../errors/errors.ts'
import { createFakePlatform, createFakeProvider } from '../testing/fakes.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const ISSUER = 'https://idp.example'
const nowS = Date.UTC(2030, 0, 1) / 1000
const alice = accountFromClaims({ iss: ISSUER, sub: 'alice' })
/** `undefined` leaves a claim out of the token. */
const NONE = { iss: undefined, aud: undefined, sub: undefined, iat: undefined, exp: undefined }
const goodFields = {
  access_token: 's3cret-access',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 's3cret-refresh-1',
  scope: 'openid read',
}
const goodClaims = { iss: ISSUER, aud: 'spa', sub: 'alice', iat: nowS, exp: nowS + 3600 }

const answers = fc.record({
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 400, 401, 403, 404, 429, 500, 503) },
  ),
  fields: fc.oneof(
    { weight: 6, arbitrary: mutated(goodFields) },
    {
      weight: 1,
      arbitrary: mutated({ error: 'invalid_grant', error_description: 'x', claims: '{}' }),
    },
    { weight: 1, arbitrary: hostileValue },
  ),
  claims: fc.option(mutated(goodClaims), { nil: undefined }),
})

test(
  'any response to a refresh keeps the other tokens, and signs no other user in',
  async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ({ status, fields, claims }) => {
        const platform = createFakePlatform((request) => provider.respond(request))
        const provider = createFakeProvider({ now: platform.now })
        const deps = createRenewalDeps(platform, async () => provider.metadata)
        const { store, cache, accounts } = deps
        const account = accountKey(alice)
        const held = {
          owner: account,
          requestedScopes: ['read'],
          grantedScopes: ['read'],
          issuedAtMs: 0,
        }
        const mail = toTokenQuery(alice, ['mail'])
        await store.write([
          ...accounts.put({ account: alice, idToken: 'x', authority: ISSUER }),
          ...cache.keep({ ...held, token: 's3cret-refresh-0' }),
          ...cache.keep({
            ...held,
            resource: '',
            requestedScopes: ['mail'],
            token: 's3cret-mail',
            tokenType: 'Bearer',
            issuedAtMs: platform.now(),
            expiresAtMs: platform.now() + 3_600_000,
          }),
        ])
        provider.onToken = () => {
          const idToken = claims && { id_token: provider.idToken({ ...NONE, ...claims }) }
          const isObject = typeof fields === 'object' && fields !== null
          const body = JSON.stringify(isObject ? { ...idToken, ...fields } : fields)
          return new Response(body ?? '', { status })
        }
        try {
          await renew(toTokenQuery(alice, ['read']), deps)
        } catch (error) {
          if (!isAuthError(error)) throw error
          expect(`${error.message}${JSON.stringify(error.oauth)}`).not.toContain('s3cret')
        }
        expect((await cache.find(mail, platform.now()))?.token).toBe('s3cret-mail')
        expect(accounts.list().map(({ homeAccountId }) => homeAccountId)).toEqual(['alice'])
        expect(accounts.list()[0]?.idTokenClaims).toMatchObject({ iss: ISSUER, sub: 'alice' })
      }),
      fuzzParameters(),
    )
  },
  FUZZ_TIMEOUT_MS,
)
