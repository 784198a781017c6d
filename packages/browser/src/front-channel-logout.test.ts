import {
  accountFromClaims,
  accountKey,
  createAccountRegistry,
  createMemoryStore,
  createTokenCache,
  groupOf,
} from '@carnet/core'
import { expect, test } from 'vitest'
import { removeSession } from './front-channel-logout.ts'
import { openTabChannel } from './tabs/channel.ts'

const iss = 'https://idp.example'

test('a session that ended takes every refresh token of its account along, and none of another', async () => {
  const store = createMemoryStore()
  const accounts = createAccountRegistry('spa', store)
  const cache = createTokenCache('spa', store)
  const people = ['alice', 'bob'].map((sub) => accountFromClaims({ iss, sub, sid: `of ${sub}` }))
  const scopes = { requestedScopes: ['read'], grantedScopes: ['read'], issuedAtMs: 0 }
  for (const account of people) {
    const held = { account: accountKey(account), ...scopes }
    await store.write([
      ...accounts.put({ account, idToken: 'x', authority: iss }),
      ...cache.keep({ ...held, token: 'general' }),
      ...cache.keep({ ...held, token: 'of an API', resource: 'https://api.example' }),
    ])
  }
  const said: unknown[] = []
  const tab = openTabChannel(groupOf('carnet', 'spa'), (data) => said.push(data))
  await removeSession({ iss, sid: 'of alice' }, store, 'carnet')
  const left = await Promise.all(people.map((account) => cache.refreshTokens(account)))
  expect(left.map((tokens) => tokens.length)).toEqual([0, 2])
  await expect
    .poll(() => said)
    .toEqual([{ type: 'accountsChanged', account: 'idp.example|alice|' }])
  tab.close()
})
