import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serverText } from '../errors/server-text.ts'
import { readOAuthError, tokenEndpointError } from './oauth-error.ts'

const answer = (status: number, body: string) =>
  tokenEndpointError({ status, headers: new Headers(), body })

describe('text of a server', () => {
  test('a text of 100 kB is cut', () => {
    expect(serverText('x'.repeat(100_000))).toHaveLength(501)
  })

  test('control characters and line separators become spaces', () => {
    expect(serverText('a\r\nb\u0000c\u2028d\u001b[31m\u0085e')).toBe('a b c d [31m e')
  })

  test('the result is shortened and cleaned, for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const safe = serverText(text) ?? ''
        expect(safe.length).toBeLessThanOrEqual(501)
        expect(safe).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
      }),
    )
  })

  test.each([undefined, null, 7, {}, ['a'], ''])('%j is no text', (value) => {
    expect(serverText(value)).toBeUndefined()
  })
})

describe('an error response', () => {
  test('is read with all its fields', () => {
    const fields = {
      error: 'interaction_required',
      error_description: 'AADSTS50076: more is needed',
      error_uri: 'https://idp.example/help',
      suberror: 'basic_action',
      claims: '{"access_token":{}}',
      error_codes: [50076, 'x'],
    }
    expect(readOAuthError(fields)).toEqual({
      error: 'interaction_required',
      description: 'AADSTS50076: more is needed',
      uri: 'https://idp.example/help',
      suberror: 'basic_action',
      claims: '{"access_token":{}}',
      codes: [50076],
    })
  })

  test('of Entra names the failure for its support, also in a redirect', () => {
    const details = { traceId: 'trace-1', correlationId: 'c-1', timestamp: '2026-01-01 10:00:00Z' }
    const { traceId: trace_id, correlationId: correlation_id, timestamp } = details
    const sent = { error: 'invalid_grant', trace_id, correlation_id, timestamp }
    expect(readOAuthError(sent)).toEqual({ error: 'invalid_grant', ...details })
    const ids = 'Trace ID: trace-1 Correlation ID: c-1 Timestamp: 2026-01-01 10:00:00Z'
    const text = `AADSTS65004: User declined. ${ids}`
    const inRedirect = { error: 'access_denied', error_description: text }
    expect(readOAuthError(inRedirect)).toMatchObject(details)
    const other = { error: 'access_denied', error_description: ids }
    expect(readOAuthError(other)).toEqual({ error: 'access_denied', description: ids })
  })

  test('has the status of its response', () => {
    expect(answer(400, '{"error":"invalid_grant"}').status).toBe(400)
    expect(answer(503, '').status).toBe(503)
    expect(answer(502, '<html>').status).toBe(502)
  })

  test('without `error` is no OAuth error', () => {
    for (const error of [undefined, '', 7, null, { error: 'x' }])
      expect(readOAuthError({ error, error_description: 'x' })).toBeUndefined()
  })

  test('is shortened', () => {
    const long = 'x'.repeat(100_000)
    const fields = { error: long, error_description: long, error_uri: long, suberror: long }
    const error_codes = Array.from({ length: 1000 }, (_, index) => index)
    const read = readOAuthError({ ...fields, claims: long, error_codes })
    expect(JSON.stringify(read).length).toBeLessThan(12_000)
  })

  test('ignores claims that are too long, because shortened claims are not JSON', () => {
    const claims = JSON.stringify({ access_token: { acrs: { value: 'x'.repeat(9000) } } })
    expect(readOAuthError({ error: 'interaction_required', claims })?.claims).toBeUndefined()
  })

  test('never causes an exception', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        expect(() => readOAuthError(fields)).not.toThrow()
      }),
    )
  })
})

describe('an error response of the token endpoint', () => {
  test.each([
    [400, '{"error":"invalid_grant"}', 'token_request_failed', 'invalid_grant'],
    [400, '', 'token_request_failed', undefined],
    [400, '{}', 'token_request_failed', undefined],
    [401, '', 'token_request_failed', undefined],
    [403, '{"error":"invalid_grant"}', 'token_request_failed', 'invalid_grant'],
    // A proxy or a firewall before the server: it has refused no token.
    [400, '<html>', 'intermediary_answered', undefined],
    [401, '<html>', 'intermediary_answered', undefined],
    [403, '', 'server_error', undefined],
    [403, '{"error":7}', 'server_error', undefined],
    [404, '<html>', 'intermediary_answered', undefined],
    [407, '', 'intermediary_answered', undefined],
    [502, ' <!doctype html>', 'intermediary_answered', undefined],
    [502, '', 'server_error', undefined],
    [511, '', 'intermediary_answered', undefined],
    [200, '{"error":"invalid_grant"}', 'token_request_failed', 'invalid_grant'],
    [200, '{"error":"server_error"}', 'server_error', 'server_error'],
    [204, '', 'invalid_response', undefined],
    [302, '{"error":"invalid_grant"}', 'invalid_response', 'invalid_grant'],
    [429, '{"error":"slow_down"}', 'server_error', 'slow_down'],
    // A page with status 500 is likely to be of the server itself.
    [500, '<html>', 'server_error', undefined],
    [503, '{"error":"temporarily_unavailable"}', 'server_error', 'temporarily_unavailable'],
  ])('of %i and %j is %s', (status, body, code, oauthError) => {
    const error = answer(status, body)
    expect(error.code).toBe(code)
    expect(error.oauth?.error).toBe(oauthError)
    expect(error.message).toContain(String(status))
  })
})

describe('a date in Retry-After', () => {
  const NOW_MS = Date.UTC(2030, 0, 1)
  const retryIn = (headers: Record<string, string>, offsetMs?: number) => {
    const busy = { status: 503, body: '', headers: new Headers(headers) }
    return (tokenEndpointError(busy, [], NOW_MS, offsetMs).retryAtMs ?? 0) - NOW_MS
  }
  const later = { 'retry-after': 'Tue, 01 Jan 2030 01:00:09 GMT' }

  test('uses the clock of the page if no other clock is known', () => {
    expect(retryIn(later)).toBe(3_609_000)
  })

  test("uses the known offset of the server's clock", () => {
    expect(retryIn(later, 3_600_000)).toBe(9000)
  })

  test('uses the `Date` of the response, if it is readable', () => {
    const headers = { ...later, date: 'Tue, 01 Jan 2030 01:00:00 GMT' }
    expect(retryIn(headers, -3_600_000)).toBe(9000)
  })
})

describe('the numbers of Entra', () => {
  const codesOf = (fields: Record<string, unknown>) =>
    readOAuthError({ error: 'x', ...fields })?.codes

  test.each([
    ['AADSTS65004: User declined to consent.', [65004]],
    ['AADSTS9002326: Cross-origin token redemption is permitted only for SPAs.', [9002326]],
    ['AADSTS50076', [50076]],
    ['See AADSTS50076.', undefined],
    ['aadsts50076: no', undefined],
    ['AADSTS500: too short', undefined],
    [`AADSTS${'9'.repeat(300)}: too long`, undefined],
    ['AADSTS50076x', undefined],
    [7, undefined],
  ])('are read at the head of the description %j of a redirect', (error_description, codes) => {
    expect(codesOf({ error_description })).toEqual(codes)
  })

  test('in a list have priority over the text, and at most ten are kept', () => {
    const error_description = 'AADSTS65004: no'
    expect(codesOf({ error_codes: [50076], error_description })).toEqual([50076])
    expect(codesOf({ error_codes: Array(99).fill(7) })).toHaveLength(10)
  })
})

describe('a redirect URI that is registered for another platform than the browser', () => {
  const description = 'AADSTS9002326: Cross-origin token redemption is permitted only for SPAs.'
  test.each([
    { error: 'invalid_request', error_codes: [9002326] },
    { error: 'invalid_request', error_description: description },
  ])('has its own code and hint: %j', (fields) => {
    const error = answer(400, JSON.stringify(fields))
    expect([error.code, error.oauth?.codes]).toEqual(['redirect_uri_not_spa', [9002326]])
    expect(error.hint).toContain('Single-page application')
  })

  test('does not hide a failure of the server', () => {
    const body = JSON.stringify({ error: 'x', error_codes: [9002326] })
    expect(answer(503, body).code).toBe('server_error')
  })
})

test('a form-encoded secret is removed too; an empty secret removes nothing', () => {
  const secret = '1//0g+s3cret='
  const quoted = new URLSearchParams({ refresh_token: secret }).toString()
  const fields = { error: 'invalid_request', error_description: `Wrong: ${quoted}` }
  const description = 'Wrong: refresh_token=(secret)'
  expect(readOAuthError(fields, ['', secret])).toMatchObject({ description })
})

test.each([
  [400, 'temporarily_unavailable'],
  [400, 'server_error'],
  [408, ''],
])('a status of %i with "%s" is a transient failure', (status, error) => {
  expect(answer(status, JSON.stringify({ error })).code).toBe('server_error')
})

test.each(['no JSON', '[1]', 'null'])('the claims request %s is ignored', (claims) => {
  expect(readOAuthError({ error: 'interaction_required', claims })?.claims).toBeUndefined()
})
