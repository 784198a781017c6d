import { createFakeProvider } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'
import { seedSession } from '../testing/seed-session.ts'

const clientId = 'spa'
const scopes = ['read']

/** Two tabs in which alice and bob are signed in. */
async function twoTabs() {
  const cache = { name: `test-${crypto.randomUUID()}` }
  const provider = createFakeProvider({ now: Date.now })
  const authority = provider.issuer
  for (const sub of ['bob', 'alice'])
    await seedSession({
      clientId,
      authority,
      cache,
      account: { sub },
      tokens: [{ scopes }],
      refreshToken: `s3cret-refresh-of-${sub}`,
    })
  const openTab = () =>
    createAuthClient({
      clientId,
      authority,
      cache,
      fetch: (input, init) => provider.respond(new Request(input, init)),
      silent: { iframe: false },
    })
  return { one: await openTab(), two: await openTab() }
}

const names = ({ accounts }: AuthClient) => accounts.map(({ username }) => username).sort()
const accountOf = (auth: AuthClient, username: string) =>
  auth.accounts.find((account) => account.username === username) ?? expect.fail(`No ${username}.`)

/** Makes every write fail, as on a full disk. */
async function whileFull(work: () => Promise<unknown>): Promise<void> {
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  await work().finally(() => {
    IDBObjectStore.prototype.put = put
  })
}

test('when storage works again, an account that another tab signed out is removed with its token', async () => {
  const { one, two } = await twoTabs()
  const alice = accountOf(one, 'alice')
  expect((await one.acquireTokenSilent({ scopes, account: alice })).fromCache).toBe(true)
  const degraded = new Promise((resolve) => one.on('storageDegraded', resolve))
  const removed: string[] = []
  one.on('accountRemoved', ({ account }) => removed.push(account.username))
  await whileFull(() => {
    one.setActiveAccount(accountOf(one, 'bob'))
    return degraded
  })

  await two.signOut({ account: accountOf(two, 'alice'), interaction: 'none' })
  // Another tab may have replaced the refresh token: storage is read, and works again.
  await one
    .acquireTokenSilent({ scopes, account: alice, forceRefresh: true })
    .catch(() => undefined)
  await expect.poll(() => names(one)).toEqual(['bob'])
  expect(removed).toEqual(['alice'])
  await expect(one.acquireTokenSilent({ scopes, account: alice })).rejects.toMatchObject({
    code: 'account_not_found',
  })
  one.close()
  two.close()
})
