import { describe, expect, test } from 'vitest'
import { type AuthErrorCode, errorHints } from './error-hints.ts'
import { AuthError, isAuthError } from './errors.ts'
import { InteractionRequiredError, isInteractionRequired } from './interaction-required.ts'

const codes = Object.keys(errorHints) as AuthErrorCode[]

test.each(codes)('%s has a hint that is a sentence', (code) => {
  const { hint, code: own } = new AuthError(code, 'It happened.')
  expect(own).toBe(code)
  expect(hint).toMatch(/^[A-Z`].{20,}[.]$/)
})

test('an AuthError is an Error, with its cause if there is one', () => {
  const cause = new TypeError('below')
  const error = new AuthError('network_error', 'It happened.', { cause, correlationId: 'c-1' })
  expect(error).toBeInstanceOf(Error)
  expect(error.message).toBe('It happened.')
  expect(error.cause).toBe(cause)
  expect(error.correlationId).toBe('c-1')
  expect('cause' in new AuthError('network_error', 'It happened.')).toBe(false)
})

test('exactly these codes are transient', () => {
  const transient =
    'network_error offline intermediary_answered part_not_loaded timeout lock_timeout other_tab_failed iframe_timeout worker_unresponsive server_error store_unavailable'
  const found = codes.filter((code) => new AuthError(code, 'It happened.').isTransient)
  expect(found.sort()).toEqual(transient.split(' ').sort())
})

test('a discovery error is transient if its cause is transient', () => {
  const cause = new AuthError('network_error', 'It happened.')
  expect(new AuthError('discovery_failed', 'No document.', { cause }).isTransient).toBe(true)
  expect(new AuthError('discovery_failed', 'No JSON.').isTransient).toBe(false)
  expect(new AuthError('invalid_response', 'No JSON.', { cause }).isTransient).toBe(false)
})

describe('isAuthError', () => {
  /** The error of another copy of the library: the same name, another class. */
  class OtherCopy extends Error {
    override readonly name = 'InteractionRequiredError'
    readonly code = 'interaction_required'
  }

  test('recognises the errors of another copy of the library', () => {
    expect(isAuthError(new OtherCopy())).toBe(true)
    expect(isInteractionRequired(new OtherCopy())).toBe(true)
  })

  test('compares the code', () => {
    const error = new AuthError('timeout', 'It happened.')
    expect(isAuthError(error, 'timeout')).toBe(true)
    expect(isAuthError(error, 'network_error')).toBe(false)
    expect(isInteractionRequired(error)).toBe(false)
  })

  test.each([new Error('x'), { name: 'AuthError', code: 'timeout' }, 'AuthError', null, undefined])(
    'is false for %s',
    (value) => {
      expect(isAuthError(value)).toBe(false)
    },
  )
})

test('an InteractionRequiredError has the reason and the request to pass on', () => {
  const request = { scopes: ['read'], loginHint: 'alice' }
  const error = new InteractionRequiredError('login', 'It happened.', request)
  expect(error).toBeInstanceOf(AuthError)
  expect([error.code, error.reason]).toEqual(['interaction_required', 'login'])
  expect(error.request).toBe(request)
  expect(isInteractionRequired(error)).toBe(true)
})
