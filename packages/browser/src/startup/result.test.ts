import { inspect } from 'node:util'
import { type AccessTokenRecord, OUTCOME, STEP } from '@carnet/core'
import { traceOfMemory } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import { retrace } from '../flows/interaction/retrace.ts'
import { toResult } from './result.ts'

const account = accountFromClaims({ iss: 'https://idp.example', sub: 'alice', name: 'Alice' })
const owner = { account, idToken: 'a.b.c', authority: 'https://idp.example' }
const how = { fromCache: true, correlationId: 'c-1', trace: traceOfMemory }

const record = (requested: string[], granted: string[]): AccessTokenRecord => ({
  owner: 'idp.example|alice|',
  resource: '',
  requestedScopes: requested,
  grantedScopes: granted,
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: 0,
  expiresAtMs: 60_000,
})
test('a result has the token, its account and its origin', () => {
  const result = toResult(record(['read'], ['read']), owner, [], { ...how, state: 'x' })
  expect([result.accessToken, result.tokenType, result.idToken]).toEqual([
    'token',
    'Bearer',
    'a.b.c',
  ])
  expect(result.expiresOn).toEqual(new Date(60_000))
  expect(result.refreshOn).toBeUndefined()
  expect(result.account).toBe(account)
  expect(result.idTokenClaims.name).toBe('Alice')
  expect([result.uniqueId, result.authority]).toEqual(['alice', 'https://idp.example'])
  expect([result.fromCache, result.correlationId, result.state]).toEqual([true, 'c-1', 'x'])
})

test('a result has the suggested time of the renewal', () => {
  const token = { ...record([], []), refreshAtMs: 30_000 }
  expect(toResult(token, owner, [], how).refreshOn).toEqual(new Date(30_000))
})

test('lazy fields survive copying', () => {
  const result = toResult({ ...record([], []), refreshAtMs: 30_000 }, owner, [], {
    fromCache: true,
    trace: traceOfMemory,
  })
  expect(result.correlationId).toMatch(/^[0-9a-f-]{36}$/)
  expect(result.correlationId).toBe(result.correlationId)
  expect({ ...result }).toEqual(result)
  expect(structuredClone(result)).toEqual(result)
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({
    expiresOn: '1970-01-01T00:01:00.000Z',
    correlationId: result.correlationId,
  })
})

test('a change of a returned date does not change the result, and all other fields are frozen', () => {
  const result = toResult({ ...record([], []), refreshAtMs: 30_000 }, owner, [], how)
  result.expiresOn.setTime(0)
  result.refreshOn?.setTime(0)
  expect(result.expiresOn).toEqual(new Date(60_000))
  expect(result.refreshOn).toEqual(new Date(30_000))
  expect(() => Object.assign(result, { accessToken: 'x' })).toThrow(TypeError)
})

test('logs and JSON omit the trace', () => {
  const result = toResult(record([], []), owner, [], how)
  expect(result.trace).toMatchObject([{ step: STEP.memory, outcome: OUTCOME.hit, ms: 0 }])
  expect(Object.keys(result)).not.toContain('trace')
  expect(JSON.stringify(result)).not.toContain('memory')
  expect(inspect(result, { depth: 9, getters: true })).not.toContain('memory')
})

test('a result with the trace of another call keeps its getters', () => {
  const result = toResult(record([], []), owner, [], { ...how, correlationId: undefined })
  const other = retrace(result, () => [])
  expect(other).toEqual(result)
  expect(other.trace).toEqual([])
  expect(Object.isFrozen(other)).toBe(true)
  other.expiresOn.setTime(0)
  expect(other.expiresOn).toEqual(result.expiresOn)
})
