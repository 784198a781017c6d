import { accountKey, createMemoryStore, createTokenCache } from '@carnet/core'
import { accountFromClaims, DIALECTS } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { Context } from '../context/context.ts'
import { fakeStart } from '../testing/fakes.ts'
import { createForecaster } from './forecaster.ts'

test('the refresh token that expires first ends the forecast', async () => {
  const nowMs = Date.UTC(2030, 0, 1)
  const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  const held = { owner: accountKey(alice), requestedScopes: [], grantedScopes: [], issuedAtMs: 0 }
  await store.write([
    ...cache.keep({ ...held, token: 'general' }),
    ...cache.keep({ ...held, token: 'a', resource: 'urn:a', expiresAtMs: nowMs + 2000 }),
    ...cache.keep({ ...held, token: 'b', resource: 'urn:b', expiresAtMs: nowMs + 1000 }),
  ])
  const context = {
    config: { dialect: DIALECTS.oidc, renewal: { enabled: false } },
    platform: { now: () => nowMs },
    cache,
    ...fakeStart(),
  } as unknown as Context
  const { forecast } = createForecaster(context, { isFrameBlocked: async () => false })
  expect(await forecast(alice)).toMatchObject({
    silentUntil: new Date(nowMs + 1000),
    cause: 'refresh_token',
  })
})
