import {
  type Account,
  AuthError,
  createTrace,
  OUTCOME,
  type SilentAnswer,
  STEP,
} from '@carnet/core'
import { createEmitter } from '@carnet/core/base'
import { DIALECTS, entraAccountFromClaims } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { AuthEvents } from '../api/events.ts'
import { createAnnounce } from '../context/announce.ts'
import type { Context } from '../context/context.ts'
import { createRenewer } from './renewer.ts'
import { type Acquire, createSilent } from './silent.ts'

const alice: Account = entraAccountFromClaims(
  { iss: 'https://x', sub: 's', tid: 't' },
  'login.microsoftonline.com',
  'u.t',
)

const NOBODY = Symbol('nobody')

/** A client whose requests for tokens all fail with `failure`. */
function setUp(failure: unknown, active: Account | typeof NOBODY = alice) {
  const events = createEmitter<AuthEvents>(() => undefined)
  const failed: AuthEvents['renewalFailed'][] = []
  events.on('renewalFailed', (event) => failed.push(event))
  const context = {
    config: { dialect: DIALECTS.entra, renewal: { enabled: true, leadTimeMs: 300_000 } },
    platform: { randomId: () => 'id', now: () => 0 },
    accounts: {
      active: () => (active === NOBODY ? undefined : active),
      record: () => ({ account: alice }),
      inTenant: () => alice,
    },
    announce: createAnnounce(events, { post: () => undefined, close: () => undefined }),
    trace: createTrace(() => 0),
  } as unknown as Context
  const acquire: Acquire = async (_query, { trace } = {}): Promise<SilentAnswer> => {
    trace?.note(STEP.memory, OUTCOME.miss, 0)
    throw failure
  }
  const renewer = createRenewer(context, acquire)
  const silent = createSilent(context, {
    acquire,
    renewer,
    settled: async () => undefined,
    fromSources: (query) => acquire(query),
  })
  return { silent, failed }
}

test('an invalid request is not reported as a failed renewal', async () => {
  const { silent, failed } = setUp(new Error('It was never asked for.'))
  const asking = silent({ scopes: ['User.Read', 'api://1111/read'] })
  await expect(asking).rejects.toMatchObject({ code: 'invalid_request', correlationId: 'id' })
  expect(failed).toEqual([])
})

test('a failure that callers share is reported once, with the time of Retry-After', async () => {
  const failure = new AuthError('server_error', 'busy', { retryAtMs: 7000 })
  const { silent, failed } = setUp(failure)
  for (let call = 0; call < 2; call++)
    await expect(silent({ scopes: ['User.Read'] })).rejects.toBe(failure)
  expect(failed).toEqual([{ account: alice, error: failure, nextTryOn: new Date(7000) }])
  expect(failure.trace).toMatchObject([{ step: STEP.memory, outcome: OUTCOME.miss }])
})

test('invalid scopes are reported before the error that no user is signed in', async () => {
  const { silent } = setUp(new Error('It was never asked for.'), NOBODY)
  const asking = silent({ scopes: ['User.Read', 'api://1111/read'] })
  await expect(asking).rejects.toMatchObject({ code: 'invalid_request' })
  await expect(silent({ scopes: ['User.Read'] })).rejects.toMatchObject({ reason: 'no_account' })
})
