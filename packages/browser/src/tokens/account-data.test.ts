import { expect, test } from 'vitest'
import { createRemoveAccount } from '../context/remove-account.ts'
import { removeSession } from '../flows/sign-out/front-channel-logout.ts'
import { createFacelessClient } from '../testing/faceless-client.ts'
import { createAccountData } from './account-data.ts'

/** A client with an account, and the calls for values beside it. */
async function setUp() {
  const client = createFacelessClient('oidc')
  const { account } = (await client.interact({ scopes: ['read'] })).result
  const { getAccountData, setAccountData } = createAccountData(client.context)
  return { ...client, account, getAccountData, setAccountData }
}

test('returns the last value of a name, as JSON, and nothing for other names', async () => {
  const { getAccountData, setAccountData } = await setUp()
  const theme = { colour: 'blue', sizes: [1, 2], at: new Date(0) }
  await setAccountData('theme', theme)
  expect(await getAccountData('theme')).toEqual({ ...theme, at: '1970-01-01T00:00:00.000Z' })
  expect(await getAccountData('them')).toBeUndefined()
  await setAccountData('theme', null)
  expect(await getAccountData('theme')).toBeNull()
  await setAccountData('theme', undefined)
  expect(await getAccountData('theme')).toBeUndefined()
})

test('a renewal and another sign-in of the account leave its values', async () => {
  const { account, getAccountData, interact, setAccountData } = await setUp()
  await setAccountData('a|b', 'kept')
  await interact({ scopes: ['write'] })
  expect(await getAccountData('a|b', { ...account })).toBe('kept')
})

test('a removed account leaves no value behind', async () => {
  const { account, context, getAccountData, interact, setAccountData } = await setUp()
  await setAccountData('theme', 'blue')
  await createRemoveAccount(context)(account)
  await expect(getAccountData('theme', account)).rejects.toMatchObject({
    code: 'account_not_found',
  })
  await expect(getAccountData('theme')).rejects.toMatchObject({ code: 'no_account' })
  await interact({ scopes: ['read'] })
  expect(await getAccountData('theme')).toBeUndefined()

  await setAccountData('theme', 'green')
  const { iss } = account.idTokenClaims
  const { partition, cache } = context.config
  const [stored] = await context.store.find('accounts', partition)
  if (!stored) return expect.fail('The account is not stored.')
  await context.store.write([
    { type: 'put', collection: 'accounts', record: { ...stored, tags: [`session|${iss}|s1`] } },
  ])
  const search = { store: context.store, cacheName: cache.name, partition }
  const isRemoved = await removeSession({ iss, sid: 's1' }, search)
  await context.accounts.load()
  await interact({ scopes: ['read'] })
  expect([isRemoved, await getAccountData('theme')]).toEqual([true, undefined])
})

test('an account that another tab removed gets no value', async () => {
  const { account, context, setAccountData } = await setUp()
  const { collection, key } = context.accounts.nameOf(account)
  await context.store.write([{ type: 'delete', collection, key }])
  await expect(setAccountData('theme', 'blue')).rejects.toMatchObject({
    code: 'account_not_found',
  })
})

test('refuses values that are no JSON or too long, and bad names', async () => {
  const { setAccountData } = await setUp()
  const circle: Record<string, unknown> = {}
  circle.self = circle
  const values = [circle, () => 1, 10n, 'x'.repeat(65_535)]
  for (const value of values)
    await expect(setAccountData('theme', value)).rejects.toMatchObject({ code: 'invalid_request' })
  await setAccountData('theme', 'x'.repeat(65_534))
  for (const name of ['', 'x'.repeat(101), '\ud800', 7 as never])
    await expect(setAccountData(name, 1)).rejects.toMatchObject({ code: 'invalid_request' })
})
