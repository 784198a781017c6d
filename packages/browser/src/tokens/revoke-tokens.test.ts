import { AuthError, isInteractionRequired, toTokenQuery } from '@carnet/core'
import { expect, test } from 'vitest'
import { createFacelessClient } from '../testing/faceless-client.ts'
import { revokeTokens } from './revoke-tokens.ts'

const scopes = ['read']

/** A client with an account, and a provider that refuses to revoke the `refused` token type. */
async function setUp(refused?: string) {
  const client = createFacelessClient('oidc')
  const { account } = (await client.interact({ scopes })).result
  const revoked: string[] = []
  const revoke = async (_token: string, _authority: string, hint: string) => {
    if (hint === refused) throw new AuthError('revocation_failed', 'no')
    revoked.push(hint)
  }
  const { cache, platform, context } = client
  const held = async () => [
    (await cache.refreshTokens(account)).length,
    (await cache.find(toTokenQuery(account, scopes), platform.now())) !== undefined,
  ]
  return {
    ...client,
    account,
    revoked,
    held,
    ask: (how = {}) => revokeTokens(how, context, revoke),
  }
}

test('revokes and removes the tokens of both types, and the account stays', async () => {
  const { ask, revoked, held, accounts, account, renew } = await setUp()
  expect(await held()).toEqual([1, true])
  await ask()
  expect([revoked, await held()]).toEqual([
    ['refresh_token', 'access_token'],
    [0, false],
  ])
  expect(accounts.byKey(account.id)).toBe(account)
  const error = await renew(account, ...scopes).catch((refusal) => refusal)
  expect(isInteractionRequired(error) && error.reason).toBe('no_tokens')
})

test('revokes the named type only', async () => {
  const refresh = await setUp()
  await refresh.ask({ types: ['refresh'] })
  expect([refresh.revoked, await refresh.held()]).toEqual([['refresh_token'], [0, true]])
  const access = await setUp()
  await access.ask({ types: ['access'] })
  expect([access.revoked, await access.held()]).toEqual([['access_token'], [1, false]])
})

test('tokens that could not be revoked stay', async () => {
  const { ask, held } = await setUp('access_token')
  await expect(ask()).rejects.toMatchObject({ code: 'revocation_failed' })
  expect(await held()).toEqual([0, true])
})

test('an unknown account has no tokens', async () => {
  const { ask, account } = await setUp()
  const unknown = { ...account, homeAccountId: 'bob' }
  await expect(ask({ account: unknown })).rejects.toMatchObject({ code: 'account_not_found' })
})
