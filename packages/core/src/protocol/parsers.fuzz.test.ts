import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText, hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import { homeAccountIdOf } from '../dialects/entra/client-info.ts'
import { parseProviderMetadata } from '../discovery/provider-metadata.ts'
import { isSecureUrl } from '../discovery/secure-url.ts'
import { isAuthError } from '../errors/errors.ts'
import { parseScope } from '../scopes/scope.ts'
import { ScopeSet } from '../scopes/scope-set.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { clockOffsetMs } from './clock-offset.ts'
import { readOAuthError, tokenEndpointError } from './oauth-error.ts'
import { retryAtMs } from './retry-after.ts'
import { parseChallenges } from './www-authenticate.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const LONGEST_TEXT = 501

/** The result, or `undefined` if the input is refused with an AuthError. */
function orRefusal<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!isAuthError(error)) throw error
    expect(error.message.length).toBeLessThan(2000)
    return undefined
  }
}

const properties: Readonly<Record<string, fc.IProperty<never> | fc.IRawProperty<unknown>>> = {
  'a discovery document is refused, or has the issuer and secure endpoints': fc.property(
    fc.oneof(
      mutated({
        issuer: 'https://idp.example',
        authorization_endpoint: 'https://idp.example/authorize',
        token_endpoint: 'https://idp.example/token',
        jwks_uri: 'https://idp.example/jwks',
        scopes_supported: ['openid'],
      }),
      hostileValue,
    ),
    fc.constantFrom(...Object.values(DIALECTS)),
    (document, dialect) => {
      const metadata = orRefusal(() =>
        parseProviderMetadata(document, 'https://idp.example', dialect),
      )
      if (!metadata) return
      expect(new URL(metadata.issuer).host).toBe('idp.example')
      for (const [name, value] of Object.entries(metadata))
        if (name.endsWith('_endpoint') || name === 'jwks_uri') expect(isSecureUrl(value)).toBe(true)
    },
  ),

  'the error text of a server is short and has no control characters': fc.property(
    mutated({
      error: 'invalid_grant',
      error_description: 'text',
      error_uri: 'https://x',
      suberror: 'y',
    }),
    (fields) => {
      const error = readOAuthError(fields)
      for (const text of [error?.error, error?.description, error?.uri, error?.suberror]) {
        if (text === undefined) continue
        expect(text.length).toBeLessThanOrEqual(LONGEST_TEXT)
        expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      }
    },
  ),

  'an error of a token endpoint is an AuthError with a code': fc.property(
    fc.integer({ min: 300, max: 599 }),
    fc.oneof(
      hostileText,
      hostileValue.map((value) => JSON.stringify(value) ?? ''),
    ),
    hostileText,
    (status, body, retryAfter) => {
      const headers = new Headers()
      orNothing(() => headers.set('retry-after', retryAfter))
      const error = tokenEndpointError({ status, body, headers }, [], NOW_MS)
      const codes = [
        'server_error',
        'token_request_failed',
        'redirect_uri_not_spa',
        'invalid_response',
        'intermediary_answered',
      ]
      expect(codes).toContain(error.code)
    },
  ),

  'Retry-After is a time of the next day, or nothing': fc.property(
    fc.oneof(hostileText, fc.integer().map(String), fc.date({ noInvalidDate: false }).map(String)),
    (header) => {
      const atMs = retryAtMs(header, NOW_MS)
      if (atMs === undefined) return
      expect(atMs).toBeGreaterThanOrEqual(NOW_MS)
      expect(atMs).toBeLessThanOrEqual(NOW_MS + 24 * 3_600_000)
    },
  ),

  'client_info is two texts, or nothing': fc.property(
    fc.oneof(
      hostileValue,
      mutated({ uid: 'u', utid: 't' }).map((info) =>
        Buffer.from(JSON.stringify(info)).toString('base64url'),
      ),
    ),
    (info) => {
      expect(['string', 'undefined']).toContain(typeof homeAccountIdOf(info))
    },
  ),

  'the clock of an ID token is a number': fc.property(
    fc.oneof(
      hostileValue,
      mutated({ iat: NOW_MS / 1000 }).map(
        (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`,
      ),
    ),
    (token) => {
      expect(Number.isFinite(clockOffsetMs(token, NOW_MS))).toBe(true)
    },
  ),

  'a scope is refused, or keeps its spelling': fc.property(
    fc.oneof(hostileText, fc.webUrl(), fc.stringMatching(/^[a-z:/.]{1,12}$/)),
    fc.constantFrom('oidc', 'entra'),
    (text, profile) => {
      const scope = orRefusal(() => parseScope(text, profile))
      if (!scope) return
      expect(scope.text).toBe(text)
      expect(orRefusal(() => ScopeSet.parse([text], profile).toString())).toBe(text)
    },
  ),

  'challenges are names and texts': fc.property(
    fc.oneof(
      hostileText,
      fc
        .array(fc.constantFrom('Bearer', ' ', ',', '=', '"', '\\', 'a', '\t'), { maxLength: 30 })
        .map((parts) => parts.join('')),
    ),
    (header) => {
      for (const { scheme, parameters } of parseChallenges(header)) {
        expect(scheme).not.toBe('')
        for (const value of parameters.values()) expect(typeof value).toBe('string')
      }
    },
  ),
}

function orNothing(work: () => void): void {
  try {
    work()
  } catch {
    // Not every text can be a header.
  }
}

describe('any input from outside', () => {
  test.each(Object.entries(properties))(
    '%s',
    (_name, property) => fc.assert(property as fc.IProperty<unknown>, fuzzParameters()),
    FUZZ_TIMEOUT_MS,
  )
})
