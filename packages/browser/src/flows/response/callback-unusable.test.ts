import { expect, test } from 'vitest'
import { clientMark } from '../../startup/client-mark.ts'
import { createState } from '../authorization/state.ts'
import { unusableOf } from './callback-unusable.ts'

const mark = clientMark('carnet|spa')
const state = createState(mark, 'redirect', 'r4ndom')
const beginning = createState(mark, 'redirect', '')

function passedOn(response: string | undefined, awaited: string) {
  const parameters = response === undefined ? undefined : new URLSearchParams(response)
  return unusableOf(parameters ? [parameters] : [], parameters, awaited)?.toString()
}

test.each([state, beginning])(
  'a tab that waits for a redirect (%s) removes secrets from the URL',
  (awaited) => {
    const tokens = `state=${state}&access_token=s3cret`
    expect(passedOn(tokens, awaited)).toBe(`state=${state}&unusable=state+access_token`)
    expect(passedOn('code=s3cret', awaited)).toBe(`state=${awaited}&unusable=code`)
  },
)

test.each([state, beginning])(
  'a tab that waits for a redirect (%s) keeps the responses of other services',
  (awaited) => {
    expect(passedOn('code=c&state=user-42', awaited)).toBe('code=c&state=user-42')
    expect(passedOn(undefined, awaited)).toBeUndefined()
  },
)

test('a popup reports with the expected `state`', () => {
  const awaited = createState(mark, 'popup', '1')
  expect(passedOn('code=s3cret&state=abc', awaited)).toBe(`state=${awaited}&unusable=code+state`)
  expect(passedOn(undefined, awaited)).toBe(`state=${awaited}&unusable=`)
})
