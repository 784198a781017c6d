import { type Account, AuthError, accountKey, parameterKeys, toTokenQuery } from '@carnet/core'
import { DIALECTS } from '@carnet/core/fakes'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { TabMessage } from '../startup/tabs/tab-message.ts'
import { isRenewalMessage, parseTabMessage } from '../tabs/parse-tab-message.ts'
import { createHolders, type Holders } from './holders.ts'

const alice: Account = {
  homeAccountId: 'alice',
  environment: 'login.example.com',
  tenantId: '',
  username: 'alice@example.com',
  name: 'Alice',
  tenantProfiles: [],
} as unknown as Account
const query = toTokenQuery(alice, ['mail.read'])

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Tab {
  holds?: readonly string[] | 'fails'
  renew?: (texts: readonly string[]) => Promise<unknown>
  renewAll?: (query: object) => Promise<unknown>
  knows?: boolean
}

/** Tabs that receive the messages of each other; each holds some handles, and defines its renewal. */
function tabs(...opened: readonly Tab[]) {
  const said: TabMessage['type'][] = []
  const all: Holders[] = opened.map(
    ({ holds = [], renew = async () => undefined, renewAll, knows = true }, own) =>
      createHolders({
        config: { dialect: DIALECTS.oidc },
        channel: {
          post(message) {
            said.push(message.type)
            const heard = parseTabMessage(structuredClone(message))
            if (!heard || !isRenewalMessage(heard)) return
            for (const other of all.filter((_, index) => index !== own)) other.onMessage(heard)
          },
          close: () => undefined,
        },
        patienceMs: 30_000,
        accountOf: (key) => (knows && key === accountKey(alice) ? alice : undefined),
        holds: async (handle) => {
          if (holds === 'fails') throw new Error('The worker could not be loaded.')
          return holds.includes(handle)
        },
        renew: (asked) => (renewAll ? renewAll(asked) : renew(asked.requestedScopes)),
      }),
  )
  const [first] = all
  if (!first) throw new Error('There is no tab.')
  return { first, said }
}

test('only the tab that holds the refresh token renews', async () => {
  const other = vi.fn(async () => undefined)
  const holder = vi.fn(async (_texts: readonly string[]) => undefined)
  const { first, said } = tabs(
    {},
    { holds: ['another'], renew: other },
    { holds: ['mine'], renew: holder },
  )
  expect(await first.ask('mine', query)).toBe(true)
  expect(holder).toHaveBeenCalledExactlyOnceWith(['mail.read'])
  expect(other).not.toHaveBeenCalled()
  expect(said).toEqual(['renewalAsked', 'renewalTaken', 'renewalDone'])
})

test('the tab with the refresh token receives the parameters, and computes their keys', async () => {
  const parameters = { authorization: { audience: 'a' }, token: { tenant: 't' } }
  const keys = await parameterKeys(parameters, DIALECTS.oidc)
  const asked: object[] = []
  const renewAll = async (question: object) => void asked.push(question)
  const { first } = tabs({}, { holds: ['mine'], renewAll })
  const forged = { parametersKey: 'forged', grantKey: 'forged' }
  expect(await first.ask('mine', { ...query, parameters, ...forged })).toBe(true)
  expect(asked).toMatchObject([{ parameters, ...keys }])
})

test.each([
  ['no other tab holds the token', { holds: ['another'] }],
  ['the tab with the token does not know the account', { holds: ['mine'], knows: false }],
  ['the other tab cannot read its tokens', { holds: 'fails' } as const],
])('%s: the result is known within a second', async (_why, other) => {
  const asking = tabs({}, other).first.ask('mine', query)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await asking).toBe(false)
})

test('a slow renewal is allowed, up to a limit', async () => {
  let finish = (_: unknown) => {}
  const renew = () => new Promise((resolve) => (finish = resolve))
  const { first } = tabs({}, { holds: ['mine'], renew })
  const patient = first.ask('mine', query)
  await vi.advanceTimersByTimeAsync(29_000)
  finish(undefined)
  await vi.advanceTimersByTimeAsync(0)
  expect(await patient).toBe(true)

  const given = first.ask('mine', query)
  await vi.advanceTimersByTimeAsync(31_000)
  expect(await given).toBe(false)
})

test('a failed renewal is reported', async () => {
  const renew = () => Promise.reject(new Error('refused'))
  expect(await tabs({}, { holds: ['mine'], renew }).first.ask('mine', query)).toBe(false)
})

test('a transient failure is retried later, without the user', async () => {
  const renew = () => Promise.reject(new AuthError('server_error', 'busy'))
  const asking = tabs({}, { holds: ['mine'], renew }).first.ask('mine', query)
  await expect(asking).rejects.toMatchObject({ code: 'other_tab_failed' })
})

test('a message without a request causes no renewal', async () => {
  const renew = vi.fn(async () => undefined)
  const { first, said } = tabs({ holds: ['mine'], renew })
  first.onMessage({ type: 'renewalAsked', account: accountKey(alice), id: '1' })
  await vi.advanceTimersByTimeAsync(10)
  expect(renew).not.toHaveBeenCalled()
  expect(said).toEqual([])
})
