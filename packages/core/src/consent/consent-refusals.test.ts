import { describe, expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createConsentLedger } from './consent-ledger.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const ask = (...scopes: string[]) => toTokenQuery(alice, scopes)

function setUp() {
  const store = createMemoryStore()
  let nowMs = Date.UTC(2030, 0, 1)
  const ledger = createConsentLedger('spa', store, () => nowMs)
  const grant = async (scopes: string[]) => {
    const query = ask(...scopes)
    await store.write(await ledger.noteGrant(query, query.scopeKeys, query.scopeKeys))
  }
  const decline = async (...scopes: string[]) => {
    await store.write(await ledger.noteDecline(ask(...scopes)))
  }
  const advance = (ms: number) => {
    nowMs += ms
  }
  return { ledger, grant, decline, advance }
}

describe('a declined consent page', () => {
  test('declines exactly the scopes without a grant', async () => {
    const { ledger, grant, decline } = setUp()
    await grant(['read'])
    await ledger.noteRefusal(ask('mail'))
    await decline('mail', 'read', 'write')
    expect(await ledger.states(ask('mail', 'read', 'write'))).toEqual([
      'declined',
      'granted',
      'declined',
    ])
  })

  test('declines nothing if all scopes were granted before', async () => {
    const { ledger, grant } = setUp()
    await grant(['read'])
    expect(await ledger.noteDecline(ask('read'))).toEqual([])
  })
})

describe('the reason of a silent refusal', () => {
  test('is stored as long as the refusal', async () => {
    const { ledger, advance } = setUp()
    await ledger.noteRefusal(ask('read'), 'admin_consent')
    expect(await ledger.known(ask('read'))).toMatchObject([
      { state: 'refused', reason: 'admin_consent' },
    ])
    advance(10 * 60_000 + 1)
    expect(await ledger.known(ask('read'))).toEqual([undefined])
  })

  test('is removed when the scope is granted', async () => {
    const { ledger, grant } = setUp()
    await ledger.noteRefusal(ask('read'), 'admin_consent')
    await grant(['read'])
    const [entry] = await ledger.known(ask('read'))
    expect([entry?.state, entry?.reason]).toEqual(['granted', undefined])
  })
})

test('a refusal by another tenant does not change the home account', async () => {
  const { ledger, grant } = setUp()
  await grant(['read'])
  const authority = 'https://login.example/other'
  const elsewhere = toTokenQuery(alice, ['read'], { authority })
  await ledger.noteRefusal(elsewhere, 'consent')
  expect(await ledger.states(elsewhere)).toEqual(['refused'])
  expect(await ledger.states(ask('read'))).toEqual(['granted'])
  expect(await ledger.entries(alice)).toHaveLength(1)
})
