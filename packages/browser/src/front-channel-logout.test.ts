import {
  accountFromClaims,
  accountKey,
  createAccountRegistry,
  createMemoryStore,
  createTokenCache,
} from '@carnet/core'
import { expect, test } from 'vitest'
import { removeSession } from './front-channel-logout.ts'

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
  const said: string[] = []
  await removeSession({ iss, sid: 'of alice' }, store, ({ type }) => void said.push(type))
  const left = await Promise.all(people.map((account) => cache.refreshTokens(account)))
  expect(left.map((tokens) => tokens.length)).toEqual([0, 2])
  expect(said).toEqual(['accountsChanged'])
})
