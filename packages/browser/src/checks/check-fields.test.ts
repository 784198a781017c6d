import { isAuthError } from '@carnet/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  areScopes,
  checkFields,
  isBoolean,
  isFunction,
  isOneOf,
  isOwnOrSecureUrl,
  isPositive,
  isSameOrigin,
  isText,
} from './check-fields.ts'

const rules = { name: isText, count: isPositive }
const check = (value: unknown, required?: string[]) =>
  checkFields('The thing', 'invalid_request', value, rules, required)

function messageOf(value: unknown, required?: string[]): string {
  try {
    check(value, required)
  } catch (error) {
    if (isAuthError(error, 'invalid_request')) return error.message
    throw error
  }
  return ''
}

describe('checkFields', () => {
  test('accepts valid and missing fields', () => {
    expect(messageOf({ name: 'x', count: 1 })).toBe('')
    expect(messageOf({ name: undefined })).toBe('')
    expect(messageOf({})).toBe('')
  })

  test('names every field that is wrong, missing or unknown', () => {
    const message = messageOf({ count: 0, nmae: 'x' }, ['name'])
    expect(message).toContain('`name` is required')
    expect(message).toContain('`count` must be a number above 0')
    expect(message).toContain('`nmae` is not known; known are name, count')
  })

  test.each([undefined, null, 'text', 7, [], () => {}])(
    'accepts an object, and refuses %s',
    (value) => {
      expect(messageOf(value)).toBe('The thing must be an object.')
    },
  )

  test('has no rule for the names of Object.prototype', () => {
    expect(messageOf({ toString: 'x' })).toContain('`toString` is not known')
    expect(messageOf(JSON.parse('{"__proto__": "x"}'))).toContain('`__proto__` is not known')
  })

  test('accepts any value or throws an AuthError', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => messageOf(value, ['name'])).not.toThrow()
      }),
    )
  })
})

describe('the checks', () => {
  test.each([
    ['isText', isText, ['a', ' a '], ['', '  ', 7, null, ['a']]],
    ['isFunction', isFunction, [() => {}, fetch], ['f', null, {}]],
    ['isBoolean', isBoolean, [true, false], [0, 'true', null]],
    ['isPositive', isPositive, [1, 0.1], [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1', null]],
    ['areScopes', areScopes, [[], ['a', 'https://api/.default']], ['a', [''], ['a b'], [7], null]],
    ['isOneOf', isOneOf('a', 'b'), ['a', 'b'], ['c', '', null, ['a']]],
  ] as const)('%s', (_name, rule, right, wrong) => {
    for (const value of right) expect(rule(value)).toBeUndefined()
    for (const value of wrong) expect(rule(value)).toMatch(/^(must|holds)/)
  })

  test('a text with a lone surrogate is invalid, because no URL can contain it', () => {
    expect(isText('\ud800')).toBeDefined()
  })

  test('the error quotes a wrong scope', () => {
    expect(areScopes(['a', 'b c'])).toContain('"b c"')
  })
})

describe('isOwnOrSecureUrl', () => {
  const rule = isOwnOrSecureUrl('https://app.example')

  test.each([
    '/bye',
    'https://app.example/bye',
    'https://www.example/bye',
    'http://localhost:4200/',
  ])('accepts %s', (url) => expect(rule(url)).toBeUndefined())

  test.each(['http://www.example/', 'javascript:alert(1)', 'data:text/html,x', '//[', 7, null])(
    'refuses %s',
    (url) => expect(rule(url)).toContain('https'),
  )
})

describe('isSameOrigin', () => {
  const rule = isSameOrigin('https://app.example')

  test.each(['/', '/a?b#c', 'a', '', 'https://app.example', 'https://app.example:443/x'])(
    'accepts %j',
    (url) => {
      expect(rule(url)).toBeUndefined()
    },
  )

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    'http://app.example/',
    'https://app.example:8443/',
    'https://app.example.evil.example/',
    'https://app.example@evil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:https://app.example/1',
    'https://user@app.example/',
    'https://',
    7,
    null,
  ])('refuses %j', (url) => {
    expect(rule(url)).toMatch(/^must be/)
  })
})
