import { type Account, createEmitter, entraAccountFromClaims } from '@carnet/core'
import { expect, test, vi } from 'vitest'
import type { AuthEvents } from './events.ts'
import type { Renewer } from './renewer.ts'
import type { Runtime } from './runtime.ts'
import { createSilent } from './silent.ts'

const alice: Account = entraAccountFromClaims(
  { iss: 'https://x', sub: 's', tid: 't' },
  'login.microsoftonline.com',
  'u.t',
)
const runtime = {
  config: { profile: 'entra' },
  platform: { randomId: () => 'id', now: () => 0 },
  accounts: {
    active: () => alice,
    record: () => ({ account: alice }),
    inTenant: () => alice,
  },
} as unknown as Runtime

test('a request that cannot be made is no renewal that failed', async () => {
  const events = createEmitter<AuthEvents>(() => undefined)
  const failed = vi.fn()
  events.on('renewalFailed', failed)
  const silent = createSilent(runtime, {
    events,
    acquire: vi.fn(),
    renewer: {} as Renewer,
    settled: async () => undefined,
  })
  const asking = silent({ scopes: ['User.Read', 'api://1111/read'] })
  await expect(asking).rejects.toMatchObject({ code: 'invalid_request', correlationId: 'id' })
  expect(failed).not.toHaveBeenCalled()
})

test('scopes that no token can answer are told before anybody is asked to sign in', async () => {
  const nobody = { ...runtime.accounts, active: () => undefined }
  const silent = createSilent(
    { ...runtime, accounts: nobody },
    {
      events: createEmitter<AuthEvents>(() => undefined),
      acquire: vi.fn(),
      renewer: {} as Renewer,
      settled: async () => undefined,
    },
  )
  const asking = silent({ scopes: ['User.Read', 'api://1111/read'] })
  await expect(asking).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(silent({ scopes: ['User.Read'] })).rejects.toMatchObject({ reason: 'no_account' })
})
