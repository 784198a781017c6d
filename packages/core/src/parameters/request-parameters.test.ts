import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'
import {
  forTokenRequest,
  lastingParameters,
  NEUTRAL_PARAMETERS,
  type ParametersOfRequest,
  PROTOCOL_PARAMETERS,
  parameterKeys,
  parametersToRepeat,
  parseRequestParameters,
  requestParameters,
} from './request-parameters.ts'

const NONE = { authorization: {}, token: {} }

describe('the parameters of a request', () => {
  test('include all parameters that change the token, and `claims`', () => {
    const request = {
      extraParameters: { audience: 'a', ui_locales: 'de', login_hint: 'alice' },
      tokenParameters: { tenant: 't' },
      claims: '{}',
    }
    expect(requestParameters(request)).toEqual({
      authorization: { audience: 'a', claims: '{}' },
      token: { tenant: 't' },
    })
  })

  test('repeat the parameters of the sign-in, unless the request overrides them', () => {
    const signIn = requestParameters({
      extraParameters: { audience: 'a', organization: 'o' },
      tokenParameters: { tenant: 't' },
    })
    expect(requestParameters({}, signIn)).toEqual(signIn)
    expect(requestParameters({ extraParameters: { ui_locales: 'fr' } }, signIn)).toEqual(signIn)
    expect(requestParameters({ extraParameters: { audience: 'b' } }, signIn)).toEqual({
      authorization: { audience: 'b', organization: 'o' },
      token: { tenant: 't' },
    })
  })

  test('lose a parameter of the sign-in if its value is empty', () => {
    const signIn = requestParameters({ extraParameters: { audience: 'a' } })
    expect(requestParameters({ extraParameters: { audience: '' } }, signIn)).toEqual(NONE)
  })

  test.each(['ui_locales', 'login_hint', 'prompt', 'display', 'screen_hint', 'sessionToken'])(
    'never contain `%s`, which changes no token',
    (name) => {
      expect(NEUTRAL_PARAMETERS.has(name)).toBe(true)
      expect(requestParameters({ extraParameters: { [name]: 'x' } })).toEqual(NONE)
    },
  )

  test.each(['audience', 'organization', 'acr_values', 'access_type', 'unheard_of'])(
    'contain `%s`, which may change the token',
    (name) => {
      expect(requestParameters({ extraParameters: { [name]: 'x' } }).authorization).toEqual({
        [name]: 'x',
      })
    },
  )

  test('go to the token endpoint, except protocol parameters', () => {
    const protocol = Object.fromEntries([...PROTOCOL_PARAMETERS].map((name) => [name, 'evil']))
    const sent = forTokenRequest({
      authorization: { audience: 'a', ...protocol },
      token: { tenant: 't', ...protocol },
    })
    expect(sent).toEqual({ audience: 'a', tenant: 't' })
  })

  test('appear in the request of an error, in their original fields', () => {
    const parameters = { authorization: { audience: 'a', claims: '{}' }, token: {} }
    expect(parametersToRepeat({ parameters, maxAgeMs: 60 })).toEqual({
      extraParameters: { audience: 'a' },
      tokenParameters: undefined,
      maxAgeMs: 60,
    })
  })
})

describe('the keys', () => {
  test('are undefined without parameters', async () => {
    expect(await parameterKeys(NONE, DIALECTS.oidc)).toEqual({})
  })

  test('do not show a parameter', async () => {
    const parameters = { authorization: { audience: 's3cret' }, token: { x: 's3cret' } }
    expect(JSON.stringify(await parameterKeys(parameters, DIALECTS.oidc))).not.toContain('s3cret')
  })

  test('distinguish parameters of the authorization request from parameters of the token request', async () => {
    const one = await parameterKeys({ authorization: { a: '1' }, token: {} }, DIALECTS.oidc)
    const other = await parameterKeys({ authorization: {}, token: { a: '1' } }, DIALECTS.oidc)
    expect(one.parametersKey).not.toBe(other.parametersKey)
    // The token request does not bind the grant.
    expect(other.grantKey).toBeUndefined()
  })

  test('bind a grant to claims, except on Entra, where a refresh token answers every challenge', async () => {
    const parameters = requestParameters({ claims: '{}' })
    const [plain, entra] = await Promise.all(
      (['oidc', 'entra'] as const).map((profile) => parameterKeys(parameters, DIALECTS[profile])),
    )
    expect(plain?.grantKey).toBeDefined()
    expect(entra?.grantKey).toBeUndefined()
    expect(entra?.parametersKey).toBeDefined()
    expect(lastingParameters(parameters, DIALECTS.entra)).toEqual(NONE)
    expect(lastingParameters(parameters, DIALECTS.oidc)).toEqual(parameters)
  })

  test('are equal exactly if all parameters are equal, in any order', async () => {
    const texts = fc.dictionary(
      fc.constantFrom('audience', 'acr_values', 'ui_locales', '__proto__', 'a"],["b'),
      fc.constantFrom('1', '2', '', '"]', 'ü'),
    )
    const request: fc.Arbitrary<ParametersOfRequest> = fc.record({
      extraParameters: texts,
      tokenParameters: texts,
      claims: fc.constantFrom(undefined, '{}', '{"a":1}'),
    })
    const binding = (parameters: Readonly<Record<string, string>> = {}) =>
      Object.entries(parameters)
        .filter(([name, value]) => value !== '' && name !== 'ui_locales')
        .sort()
    const meaning = ({ extraParameters, tokenParameters = {}, claims }: ParametersOfRequest) =>
      JSON.stringify([
        binding(extraParameters),
        Object.entries(tokenParameters)
          .filter(([, value]) => value !== '')
          .sort(),
        claims,
      ])
    await fc.assert(
      fc.asyncProperty(request, request, async (a, b) => {
        const [one, other] = await Promise.all(
          [a, b].map((asked) => parameterKeys(requestParameters(asked), DIALECTS.oidc)),
        )
        expect(one?.parametersKey === other?.parametersKey).toBe(meaning(a) === meaning(b))
      }),
    )
  })
})

test.each([null, 7, [], { authorization: {} }, { authorization: { a: 1 }, token: {} }])(
  'input of a store or another tab (%j) is parsed without an exception',
  (value) => {
    expect(parseRequestParameters(value)).toBeUndefined()
  },
)
