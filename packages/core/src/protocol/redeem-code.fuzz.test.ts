import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileText, hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import { isAuthError } from '../errors/errors.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform, createFakeProvider } from '../testing/fakes.ts'
import { createHttp } from './http.ts'
import { redeemCode } from './redeem-code.ts'

const pending = {
  state: 'state-1',
  codeVerifier: 's3cret-verifier-of-at-least-forty-three-characters',
  nonce: 's3cret-nonce',
  redirectUri: 'https://app.example/',
  scopes: ['openid', 'read'],
  tokenScopes: ['openid', 'read'],
}
const ISSUER = 'https://idp.example'
const nowS = Date.UTC(2030, 0, 1) / 1000
const goodClaims = {
  iss: ISSUER,
  aud: 'spa',
  sub: 'alice',
  nonce: pending.nonce,
  iat: nowS,
  exp: nowS + 3600,
}
/** `undefined` leaves a claim out of the token. */
const NONE = { iss: undefined, aud: undefined, sub: undefined, iat: undefined, exp: undefined }
const goodFields = {
  access_token: 's3cret-access',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 's3cret-refresh',
  scope: 'openid read',
}

/** Pairs of an authorization response, duplicates and strangers among them. */
const responses = fc
  .tuple(
    mutated({ code: 'code-1', state: pending.state, iss: ISSUER }),
    fc.array(
      fc.tuple(
        fc.oneof(
          fc.constantFrom('code', 'state', 'iss', 'error', 'error_description'),
          hostileText,
        ),
        hostileText,
      ),
      { maxLength: 2 },
    ),
  )
  .map(([fields, more]): [string, string][] => [
    ...Object.entries(fields).map(([name, value]): [string, string] => [name, textOf(value)]),
    ...more,
  ])

/** Some hostile values cannot become a text by `String`. */
const textOf = (value: unknown) =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')

/** Bodies of a token response: nearly valid, invalid, or no JSON. */
const answers = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(mutated(goodFields), mutated(goodClaims)) },
  { weight: 1, arbitrary: hostileValue },
)

const only = (response: URLSearchParams, name: string) => {
  const values = response.getAll(name)
  return values.length === 1 ? values[0] : undefined
}

/** The properties of every accepted response, independent of the implementation. */
function isGenuine(response: URLSearchParams, claims: Record<string, unknown>): boolean {
  const { iss, aud, azp, sub, nonce, exp, iat } = claims
  const audiences = Array.isArray(aud) ? aud : [aud]
  return (
    only(response, 'state') === pending.state &&
    only(response, 'code') !== undefined &&
    !response.get('error') &&
    (!response.has('iss') || only(response, 'iss') === ISSUER) &&
    iss === ISSUER &&
    audiences.includes('spa') &&
    (audiences.length < 2 || azp === 'spa') &&
    (azp === undefined || azp === 'spa') &&
    typeof sub === 'string' &&
    sub !== '' &&
    nonce === pending.nonce &&
    typeof iat === 'number' &&
    typeof exp === 'number' &&
    exp > nowS - 120
  )
}

test(
  'every authorization response and token response gives a genuine grant or an AuthError',
  async () => {
    await fc.assert(
      fc.asyncProperty(responses, answers, async (pairs, answer) => {
        const [fields, claims] = Array.isArray(answer) ? answer : [answer, undefined]
        const platform = createFakePlatform((request) => provider.respond(request))
        const provider = createFakeProvider({ now: platform.now })
        const body =
          claims === undefined
            ? String(JSON.stringify(fields))
            : JSON.stringify({ id_token: provider.idToken({ ...NONE, ...claims }), ...fields })
        provider.onToken = () =>
          new Response(body, { headers: { 'content-type': 'application/json' } })
        const response = new URLSearchParams(pairs)
        try {
          const grant = await redeemCode(response, pending, {
            metadata: provider.metadata,
            authority: ISSUER,
            dialect: DIALECTS.oidc,
            clientId: 'spa',
            http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
            now: platform.now,
            trueTimeMs: platform.trueTimeMs,
          })
          const { sub, iss } = grant.idTokenClaims ?? {}
          expect(isGenuine(response, claims)).toBe(true)
          expect([sub, iss]).toEqual([claims.sub, ISSUER])
          expect([typeof grant.accessToken, grant.tokenType]).toEqual(['string', 'Bearer'])
          for (const atMs of [grant.expiresAtMs, grant.refreshAtMs ?? 0])
            expect(Number.isNaN(new Date(atMs).getTime())).toBe(false)
        } catch (error) {
          if (!isAuthError(error)) throw error
          expect(error.message.length).toBeLessThan(2000)
          expect(`${error.message}${JSON.stringify(error.oauth)}`).not.toContain('s3cret')
        }
      }),
      fuzzParameters(),
    )
  },
  FUZZ_TIMEOUT_MS,
)
