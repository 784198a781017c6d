import { expect, test } from 'vitest'
import { judge } from './judge.ts'

const about = {
  page: 'https://app.example/',
  origins: ['https://api.example', 'https://app.example'],
}
const verdictOf = (url: string, wanted: string | null, token: string | null, to = url) => {
  const { led: _led, ...counts } = judge([['case', url, wanted]], [{ url: to, token }], about)
  return Object.entries(counts).flatMap(([name, count]) => (count === 1 ? name : []))
}

test.each([
  ['https://api.example/v1', 'read', 'read', []],
  ['https://api.example/v1', 'read', 'token', []],
  ['https://api.example/v1', null, null, []],
  ['https://api.example/v1', 'read', 'admin', ['otherToken']],
  ['https://api.example/v1', 'read', null, ['missing']],
  ['https://api.example/v2', null, 'token', ['otherPath']],
  ['https://evil.example/v1', null, 'token', ['otherOrigin']],
  ['http://api.example/v1', null, 'token', ['otherOrigin']],
  ['/own', null, 'token', ['otherPath']],
  ['https://', null, 'token', ['otherOrigin']],
] as const)('%s that wants %s and gets %s counts as %j', (url, wanted, token, counts) => {
  expect(verdictOf(url, wanted, token)).toEqual(counts)
})

test('a relative URL that a library sends to its own base is no mistake', () => {
  expect(verdictOf('/own', null, 'token', 'https://api.example/v1/own')).toEqual([])
  expect(verdictOf('/own', 'read', null, 'https://api.example/v1/own')).toEqual([])
})

test('the titles of the URLs with a wrong token are listed', () => {
  const cases = [
    ['right', 'https://api.example/v1', 'read'],
    ['wrong', 'https://evil.example/', null],
  ] as const
  const sent = cases.map(([, url]) => ({ url, token: 'token' }))
  expect(judge(cases, sent, about).led).toEqual(['wrong'])
})
