import { expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'
import { forecastOf } from './forecast.ts'
import type { RefreshTokenRecord } from './token-record.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const HOUR_MS = 3_600_000

const held = (more: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  owner: 'a',
  token: 'r',
  requestedScopes: [],
  grantedScopes: [],
  issuedAtMs: NOW_MS,
  signedInAtMs: NOW_MS,
  ...more,
})

test('the stated expiry of the refresh token counts', () => {
  const { silentUntil, cause } = forecastOf(
    held({ expiresAtMs: NOW_MS + HOUR_MS }),
    undefined,
    DIALECTS.oidc,
  )
  expect([silentUntil?.getTime(), cause]).toEqual([NOW_MS + HOUR_MS, 'refresh_token'])
})

test('on Entra a day counts from the sign-in, regardless of rotation', () => {
  const rotated = held({ issuedAtMs: NOW_MS + 20 * HOUR_MS })
  const { silentUntil, cause } = forecastOf(rotated, undefined, DIALECTS.entra)
  expect([silentUntil?.getTime(), cause]).toEqual([NOW_MS + 24 * HOUR_MS, 'entra_24h'])
})

test('without a stated expiry, a plain provider has no known end', () => {
  expect(forecastOf(held(), NOW_MS + HOUR_MS, DIALECTS.oidc)).toEqual({
    accessTokenEndsOn: new Date(NOW_MS + HOUR_MS),
    silentUntil: undefined,
    cause: 'unknown',
  })
})

test('without a refresh token, the forecast ends with the access token', () => {
  const forecast = forecastOf(undefined, NOW_MS + HOUR_MS, DIALECTS.oidc)
  expect(forecast.silentUntil).toEqual(new Date(NOW_MS + HOUR_MS))
  expect(forecast.cause).toBe('access_token')
})
