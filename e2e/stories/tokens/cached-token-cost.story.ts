import { seedSession } from '@carnet/browser/testing/playwright'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

declare global {
  interface Window {
    /** The number of slow operations of the page so far. */
    cost: { transactions: number; decryptions: number; encryptions: number; locks: number }
  }
}

/** Counts the storage and cryptography operations of the library from the next page load on. */
const countsCosts = ({ page }: App) =>
  page.addInitScript(() => {
    window.cost = { transactions: 0, decryptions: 0, encryptions: 0, locks: 0 }
    const counts = (owner: object, name: string, what: keyof Window['cost']) => {
      const original = Reflect.get(owner, name) as (...given: unknown[]) => unknown
      Reflect.set(owner, name, function (this: unknown, ...given: unknown[]) {
        window.cost[what] += 1
        return original.apply(this, given)
      })
    }
    counts(IDBDatabase.prototype, 'transaction', 'transactions')
    counts(SubtleCrypto.prototype, 'decrypt', 'decryptions')
    counts(SubtleCrypto.prototype, 'encrypt', 'encryptions')
    counts(LockManager.prototype, 'request', 'locks')
  })

/** Reloads the page with a client whose engine cannot load, because an idle engine reads too. */
async function startsWithoutEngine({ page }: App): Promise<void> {
  await page.route('**/assets/engine-*.js', (route) => route.abort())
  await page.reload()
  await page.evaluate(async () => {
    window.auth = await window.carnet.createAuthClient({
      clientId: 'spa',
      authority: window.authority,
      renewal: { enabled: false },
    })
  })
}

/** The operations between a call and its result. */
const costOf = ({ page }: App, scopes: readonly string[]) =>
  page.evaluate(async (asked) => {
    const before = { ...window.cost }
    const { fromCache } = await window.auth.acquireTokenSilent({ scopes: asked })
    const { transactions, decryptions, encryptions, locks } = window.cost
    return {
      fromCache,
      transactions: transactions - before.transactions,
      decryptions: decryptions - before.decryptions,
      other: encryptions - before.encryptions + (locks - before.locks),
    }
  }, scopes)

for (const others of [0, 30])
  story(
    `The first token of a page costs one transaction and one decryption, the next none, beside ${others} other tokens`,
    async ({ app }) => {
      const held = { scopes: SCOPES, accessToken: 'held' }
      const more = Array.from({ length: others }, (_, index) => ({
        scopes: ['read'],
        resource: `https://api.example.com/${index}`,
        accessToken: `other ${index}`,
      }))
      await seedSession(app.page, {
        clientId: 'spa',
        authority: app.idp.issuer,
        account: { sub: 'alice' },
        tokens: [held, ...more],
      })
      await countsCosts(app)
      await startsWithoutEngine(app)
      // Carnet reads the accounts and the active account.
      const untilReady = await app.page.evaluate(() => ({ ...window.cost }))
      expect(untilReady).toMatchObject({ transactions: 2, decryptions: 2, encryptions: 0 })
      expect(await costOf(app, SCOPES)).toEqual({
        fromCache: true,
        transactions: 1,
        decryptions: 1,
        other: 0,
      })
      for (const _ of [1, 2, 3])
        expect(await costOf(app, SCOPES)).toEqual({
          fromCache: true,
          transactions: 0,
          decryptions: 0,
          other: 0,
        })
    },
  )

story('Calls with common options get a cached token without the engine', async ({ app }) => {
  await seedSession(app.page, {
    clientId: 'spa',
    authority: app.idp.issuer,
    account: { sub: 'alice' },
    tokens: [{ scopes: SCOPES, accessToken: 'held' }],
  })
  await startsWithoutEngine(app)
  const told = await app.page.evaluate(async (scopes) => {
    const files = () => performance.getEntriesByType('resource').length
    const filesBefore = files()
    const account = window.auth.activeAccount ?? undefined
    const { signal } = new AbortController()
    const more = [
      {},
      { signal },
      { state: 'calendar', returnTo: '/calendar?day=3#top' },
      { returnTo: location.href },
      { prompt: 'consent', loginHint: 'alice@example.com' },
      { claims: undefined, resource: undefined, account: undefined },
      { account },
      { account: structuredClone({ ...account }) },
      { account: { ...account, name: 'as it was before a renewal' } },
      { interaction: 'popup' },
    ]
    const ask = (fields: object) => window.auth.acquireToken({ scopes, ...fields } as never)
    const tokens = new Set<string>()
    for (const fields of more) tokens.add((await ask(fields)).accessToken)
    const codeOf = (fields: object) => ask(fields).catch((error: { code: string }) => error.code)
    const codes = [await codeOf({ signal: AbortSignal.abort() })]
    const filesLoaded = files() - filesBefore
    // These calls need the engine, which cannot load.
    codes.push((await codeOf({ claims: '{}' })) as never, (await codeOf({ state: 7 })) as never)
    return { tokens: [...tokens], codes, filesLoaded }
  }, SCOPES)
  expect(told).toEqual({
    tokens: ['held'],
    codes: ['aborted', 'part_not_loaded', 'part_not_loaded'],
    filesLoaded: 0,
  })
})
