import { isAuthError } from '@carnet/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientMark } from '../../startup/client-mark.ts'
import { createState } from '../authorization/state.ts'
import { findResponse } from './response-url.ts'
import { answerOf } from './unusable-answer.ts'
import { assertUsable, unusableInPopup } from './unusable-response.ts'

const mark = clientMark('carnet|spa')
const byRedirect = createState(mark, 'redirect', '1')
const inPopup = createState(mark, 'popup', '2')
const redirectUri = 'https://app.example/callback'

/** The error that the code which completes a response throws for it. */
function errorOf(href: string, awaited: string, state = awaited) {
  const found = findResponse(href, mark, awaited) ?? expect.fail('It was not found.')
  expect(found).toMatchObject({ isUnusable: true, state })
  expect(found.cleanUrl).toBe(redirectUri)
  const answer = answerOf(found)
  expect(answer.get('state')).toBe(state)
  expect(answer.toString()).not.toContain('s3cret')
  try {
    assertUsable(answer)
  } catch (error) {
    return isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)
  }
  return expect.fail('It did not throw.')
}

const responses = (state: string): readonly [what: string, response: string, says: string][] => [
  ['without `state`', '#code=s3cret', 'no `state`'],
  ['with an error and without `state`', '#error=login_required', 'login_required'],
  ['in the query without `state`', '?code=s3cret', 'no `state`'],
  ['with an error in the query', '?error=server_error&error_description=x', 'server_error'],
  ['with neither code nor error', `#state=${state}`, 'neither'],
  ['with tokens', `#access_token=s3cret&token_type=Bearer&expires_in=9&state=${state}`, 'tokens'],
  ['with tokens and without `state`', '#id_token=s3cret', 'tokens'],
]

describe('an unusable response to a redirect', () => {
  test.each(responses(byRedirect))(
    '%s is reported without its secrets',
    (_what, response, says) => {
      const error = errorOf(redirectUri + response, byRedirect)
      expect(error).toMatchObject({ code: 'unusable_response' })
      expect(error.message).toContain(says)
      expect(JSON.stringify([error.message, error.oauth])).not.toContain('s3cret')
    },
  )

  test.each(responses(byRedirect))(
    '%s is reported although the tab knows only the beginning of its `state`',
    (_what, response, says) => {
      const state = response.includes('state=') ? byRedirect : byRedirect.replace(/\..*/, '.')
      const error = errorOf(redirectUri + response, byRedirect.replace(/\..*/, '.'), state)
      expect(error.message).toContain(says)
      expect(JSON.stringify([error.message, error.oauth])).not.toContain('s3cret')
    },
  )

  test('stays in the URL if this tab waits for no response, unless it has the `state` of Carnet', () => {
    for (const [, response] of responses(byRedirect))
      expect(findResponse(redirectUri + response, mark)).toBeUndefined()
  })
})

describe('an unusable response in a popup of Carnet', () => {
  test.each([
    ...responses(inPopup),
    ['with the `state` of another service', '?code=s3cret&state=abc', 'another request'],
    [
      'with the `state` of another request of Carnet',
      `#code=s3cret&state=${createState(mark, 'popup', 'other')}`,
      'another request',
    ],
    [
      'with the `state` of a redirect of this client',
      `#code=s3cret&state=${byRedirect}`,
      'another request',
    ],
    ['without parameters', '', 'neither'],
  ])('%s is reported without its secrets', (_what, response, says) => {
    const error = errorOf(redirectUri + response, inPopup)
    expect(error.message).toContain(says)
    expect(JSON.stringify([error.message, error.oauth])).not.toContain('s3cret')
  })

  test.each([
    ...responses(inPopup),
    ['with the `state` of another service', '?code=s3cret&state=abc', 'another request'],
  ])('%s reaches the waiting page, too', (_what, response, says) => {
    expect(unusableInPopup(redirectUri + response, inPopup)?.message).toContain(says)
  })

  test.each([
    ['an address without a response', ''],
    ['parameters of the app', '?day=3#top'],
    ['the response that is awaited', `#code=c&state=${inPopup}`],
    ['another response of Carnet', `#code=c&state=${byRedirect}`],
  ])('%s does not reach the waiting page', (_what, response) => {
    expect(unusableInPopup(redirectUri + response, inPopup)).toBeUndefined()
  })
})

test('a usable response is found in any tab, and is not reported', () => {
  for (const [awaited, state] of [
    [undefined, byRedirect],
    [byRedirect, byRedirect],
    [createState(mark, 'redirect', 'older'), byRedirect],
    [inPopup, inPopup],
  ] as const) {
    const found = findResponse(`${redirectUri}#code=c&state=${state}`, mark, awaited)
    expect(found).toMatchObject({ state })
    expect(found?.isUnusable).toBeUndefined()
    expect(() => found && assertUsable(answerOf(found))).not.toThrow()
  }
})

test('while this tab waits for a redirect, the URL of another service stays unchanged', () => {
  const names = fc.constantFrom('code', 'error', 'access_token', 'id_token', 'scope', 'tab')
  const fields = fc.array(fc.tuple(names, fc.string()), { maxLength: 5 })
  const theirState = fc.string().filter((text) => !text.startsWith('carnet-'))
  fc.assert(
    fc.property(fields, theirState, fc.boolean(), (pairs, state, isInQuery) => {
      const text = new URLSearchParams([...pairs, ['state', state]]).toString()
      const href = `${redirectUri}${isInQuery ? '?' : '#'}${text}`
      expect(findResponse(href, mark, byRedirect)).toBeUndefined()
    }),
  )
})

test('an unusable response leaves no parameter behind, and the parameters of the app stay', () => {
  const own = fc.array(fc.tuple(fc.stringMatching(/^app_[a-z]{1,5}$/), fc.string()), {
    maxLength: 4,
  })
  const theirs = fc.subarray(['code', 'error', 'access_token', 'id_token', 'iss', 'expires_in'])
  fc.assert(
    fc.property(own, theirs, fc.constantFrom('access_token', 'error'), (app, names, name) => {
      const pairs = [...names, name].map((field) => [field, 's3cret'])
      const href = `${redirectUri}?${new URLSearchParams([...app, ...pairs])}#/route`
      const found = findResponse(href, mark, byRedirect)
      const clean = new URL(found?.cleanUrl ?? 'missing:')
      expect([...clean.searchParams]).toEqual([...new URLSearchParams(app)])
      expect(clean.hash).toBe('#/route')
    }),
  )
})

test('a response of Carnet has priority over parameters of the app that look like an unusable response', () => {
  const href = `${redirectUri}?code=voucher#code=c&state=${byRedirect}`
  expect(findResponse(href, mark, byRedirect)?.cleanUrl).toBe(`${redirectUri}?code=voucher`)
  const inQuery = `${redirectUri}?code=c&state=${byRedirect}#error=of-the-app`
  expect(findResponse(inQuery, mark, byRedirect)?.cleanUrl).toBe(`${redirectUri}#error=of-the-app`)
})
