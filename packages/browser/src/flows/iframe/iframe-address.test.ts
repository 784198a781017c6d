import { expect, test } from 'vitest'
import { responseInFrame } from './iframe-address.ts'

const redirectUri = 'https://app.example/callback'
const state = 'carnet-00000000-i.1'
const find = (address: string) =>
  responseInFrame(new URL(address, redirectUri), state, redirectUri)?.toString()

test.each([
  [`/callback#code=c&state=${state}`, `code=c&state=${state}`],
  [`/callback?code=c&state=${state}`, `code=c&state=${state}`],
  [`/callback/#error=login_required&state=${state}`, `error=login_required&state=${state}`],
  // The iframe had only this request.
  ['/callback#error=login_required', `error=login_required&state=${state}`],
  [
    '/callback?error=server_error&error_description=x',
    `error=server_error&error_description=x&state=${state}`,
  ],
])('%s is the response', (address, response) => {
  expect(find(address)).toBe(response)
})

test.each([
  '/callback',
  '/callback#',
  '/callback?state=x',
  '/other#error=login_required',
  '/#code=c',
])('%s is not the response', (address) => {
  expect(find(address)).toBeUndefined()
})

test.each([
  ['/callback#code=c', 'no `state`'],
  ['/callback#code=c&state=forged', '`state` of another request'],
  ['/callback#error=login_required&state=forged', '`state` of another request'],
  ['/callback#access_token=a', 'tokens instead of a code'],
  [`/callback#state=${state}`, 'neither a code nor an error'],
])('%s is an unusable response', (address, what) => {
  expect(() => find(address)).toThrow(what)
})
