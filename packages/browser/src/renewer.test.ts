import {
  type AccessTokenRecord,
  type Account,
  accountFromClaims,
  createEmitter,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuthEvents } from './events.ts'
import { createRenewer } from './renewer.ts'
import type { Runtime } from './runtime.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const alice: Account = accountFromClaims({ iss: 'https://x', sub: 'alice' })
const query: TokenQuery = toTokenQuery(alice, ['mail.read'], { profile: 'oidc' })

const record = (token: string): AccessTokenRecord =>
  ({
    token,
    resource: '',
    grantedScopes: ['mail.read'],
    requestedScopes: ['mail.read'],
    issuedAtMs: Date.now(),
    expiresAtMs: Date.now() + 3_600_000,
  }) as unknown as AccessTokenRecord

const runtime = {
  config: { renewal: { enabled: true, leadTime: 300 } },
  platform: { now: () => Date.now(), log: () => undefined },
  accounts: { record: () => ({ account: alice }) },
  page: { onWake: () => () => undefined, isOnline: () => true },
} as unknown as Runtime

test('a token that serves beyond its time is tried again ever more rarely', async () => {
  const held = record('extended')
  const renew = vi.fn(async () => ({ record: held, fromCache: true }))
  const renewer = createRenewer(
    runtime,
    createEmitter<AuthEvents>(() => undefined),
    renew,
  )
  renewer.used(query, held)
  await vi.advanceTimersByTimeAsync(3_600_000)
  renew.mockClear()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(renew.mock.calls.length).toBeGreaterThan(0)
  expect(renew.mock.calls.length).toBeLessThan(10)
  renewer.close()
})
