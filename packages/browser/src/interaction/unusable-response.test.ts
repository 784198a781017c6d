import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createState } from './create-state.ts'
import { clientMark } from './state.ts'
import { findUnusable, unusableInPopup } from './unusable-response.ts'

const mark = clientMark('carnet|spa')
const state = createState(mark, 'redirect', '1')
const inPopup = createState(mark, 'popup', '2')
const redirectUri = 'https://app.example/callback'

describe('a response that nobody can use', () => {
  test.each([
    ['without `state`', '#code=c', 'no `state`'],
    ['with an error and without `state`', '#error=login_required', 'login_required'],
    ['in the query without `state`', '?code=c', 'no `state`'],
    ['with neither code nor error', `#state=${state}`, 'neither'],
    ['in a popup with neither code nor error', `#state=${inPopup}`, 'neither'],
    ['with tokens', `#access_token=s3cret&state=${state}`, 'tokens'],
    ['with tokens and without `state`', '#id_token=s3cret', 'tokens'],
  ])('%s is reported, and taken out of the address', (_what, response, says) => {
    const found = findUnusable(redirectUri + response, mark) ?? expect.fail('It was not found.')
    expect(found.error).toMatchObject({ code: 'unusable_response' })
    expect(found.error.message).toContain(says)
    expect(found.error.message).not.toContain('s3cret')
    expect(found.cleanUrl).toBe(redirectUri)
    expect(unusableInPopup(redirectUri + response, mark)?.code).toBe('unusable_response')
  })

  test('in our popup may also carry the `state` of another request', () => {
    const href = `${redirectUri}?code=c&state=abc`
    expect(findUnusable(href, mark)).toBeUndefined()
    expect(unusableInPopup(href, mark)?.message).toContain('another request')
  })
})

describe('an address that is left alone', () => {
  test.each([
    ['a response to us', `#code=c&state=${state}`],
    ['an error to us', `#error=access_denied&state=${state}`],
    ['a response to our popup', `?code=c&state=${inPopup}`],
    ['the end of a sign-out', `?state=${createState(mark, 'signOutRedirect', '3')}`],
    ['no response', '#section-2'],
    ['parameters of the app', '?day=3'],
  ])('%s', (_what, response) => {
    expect(findUnusable(redirectUri + response, mark)).toBeUndefined()
    expect(unusableInPopup(redirectUri + response, mark)).toBeUndefined()
  })

  test('every response of another service, by its `state`', () => {
    const other = fc.string().filter((text) => !text.startsWith('carnet-'))
    fc.assert(
      fc.property(other, fc.string(), fc.constantFrom('#', '?'), (theirs, code, separator) => {
        const fields = new URLSearchParams({ code, state: theirs, access_token: code })
        expect(findUnusable(`${redirectUri}${separator}${fields}`, mark)).toBeUndefined()
      }),
    )
  })
})

test('parameters of the app beside an unusable response stay in the address', () => {
  const found = findUnusable(`${redirectUri}?day=3&error=server_error#top`, mark)
  expect(found?.cleanUrl).toBe(`${redirectUri}?day=3#top`)
})
