import * as msal from '@azure/msal-browser'
import { expect, test } from 'vitest'
import { fillConfiguration } from './configuration.ts'
import { assertRequest, assertSupported } from './refused.ts'
import { assertSecure, mayBeDeclined } from './secure.ts'

const errorOf = (call: () => void): msal.AuthError => {
  try {
    call()
  } catch (error) {
    if (error instanceof msal.AuthError) return error
  }
  throw new Error('It did not throw an error of the original.')
}

test.each([
  ['authenticationScheme', 'pop'],
  ['authenticationScheme', 'DPoP'],
  ['embeddedClientId', 'nested'],
  ['sshJwk', '{}'],
  ['attributeTokens', []],
  ['code', '0.A'],
  ['nativeAccountId', 'native'],
])('the field %s is declined, and the error names it', (name, value) => {
  const { errorCode, message, correlationId } = errorOf(() =>
    assertRequest({ [name]: value }, 'id'),
  )
  expect({ errorCode, correlationId }).toEqual({
    errorCode: 'unsupported_option',
    correlationId: 'id',
  })
  expect(message).toContain(name)
  expect([mayBeDeclined({ [name]: value }), mayBeDeclined({ scopes: [] })]).toEqual([true, false])
})

test('fields that only tune, and the scheme Bearer, pass', () => {
  assertRequest(
    {
      scopes: ['User.Read'],
      authenticationScheme: 'Bearer',
      httpMethod: 'POST',
      scenarioId: 'a',
      storeInCache: { accessToken: true },
      popKid: 'a',
      nonce: 'created by a server',
    },
    'id',
  )
})

test('the mode EAR is declined', () => {
  const protocolMode = 'EAR' as msal.ProtocolMode
  const config = fillConfiguration({ auth: { clientId: 'spa' }, system: { protocolMode } })
  expect(errorOf(() => assertSupported(config)).message).toContain('protocolMode')
})

test('an authority needs https, except on this machine', () => {
  assertSecure('https://login.example.com/', '')
  assertSecure('http://127.0.0.1:4400/', '')
  expect(errorOf(() => assertSecure('http://login.example.com/', '')).errorCode).toBe(
    'authority_uri_insecure',
  )
  expect(errorOf(() => assertSecure('nowhere', '')).errorCode).toBe('url_parse_error')
})
