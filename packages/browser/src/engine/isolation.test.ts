import { type Account, isAuthError } from '@carnet/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { removeSession } from '../flows/sign-out/front-channel-logout.ts'
import { createOneOrigin, type Tab, type TabOptions } from '../testing/one-origin.ts'

/** Authorities as apps spell them, and the issuer (or the cloud) that they mean. */
const AUTHORITIES = [
  ['https://idp.example', 'root'],
  ['https://idp.example/', 'root'],
  ['https://idp.example/t/acme', 'acme'],
  ['https://idp.example/t/acme/', 'acme'],
  ['https://idp.example/t/globex', 'globex'],
  ['https://idp.example:8443/t/acme', 'acme on another port'],
  ['http://127.0.0.1:4400', 'plain'],
  ['https://127.0.0.1:4400', 'over TLS'],
  ['https://login.microsoftonline.com/common', 'entra'],
  ['https://login.microsoftonline.com/11111111-aaaa-4aaa-8aaa-000000000001', 'entra'],
] as const
/** Where a key is put together carelessly, some of these run into each other. */
const CLIENT_IDS = ['spa', 'spa|x', 'x|spa', 'spa+x', 'https://idp.example']
const CACHE_NAMES = ['carnet', 'carnet|spa', 'other']
const PEOPLE = ['alice', 'bob']

const tabOptions: fc.Arbitrary<TabOptions> = fc
  .record({
    authority: fc.constantFrom(...AUTHORITIES),
    clientId: fc.oneof(
      { weight: 3, arbitrary: fc.constant('spa') },
      fc.constantFrom(...CLIENT_IDS),
    ),
    cacheName: fc.oneof(
      { weight: 3, arbitrary: fc.constant('carnet') },
      fc.constantFrom(...CACHE_NAMES),
    ),
  })
  .map(({ authority: [authority, issuer], clientId, cacheName }) => ({
    authority,
    clientId,
    cacheName,
    owner: JSON.stringify([issuer, clientId, cacheName]),
  }))

const DEEDS = [
  'signIn',
  'signIn',
  'signOut',
  'remove',
  'activate',
  'silent',
  'refresh',
  'decline',
  'logOut',
  'break',
] as const
const step = fc.record({
  tab: fc.nat(3),
  deed: fc.constantFrom(...DEEDS),
  person: fc.constantFrom(...PEOPLE),
  isOn: fc.boolean(),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** The accounts that should be signed in, per owner, and the providers that have failed. */
interface Model {
  readonly signedIn: Map<string, Set<string>>
  readonly failed: Set<string>
}

const usernameOf = ({ idTokenClaims }: Account) => String(idTokenClaims.sid).split(' ').at(-1) ?? ''
const scopesOf = ({ owner }: Tab) => [`read-${owner.replaceAll(/[^a-z]/gi, '-')}`]

/** Does one step in a tab, and in the model. */
async function take({ deed, person, isOn }: Step, tab: Tab, tabs: readonly Tab[], model: Model) {
  const { owner, accounts, store, config } = tab
  const there = model.signedIn.get(owner) ?? new Set()
  model.signedIn.set(owner, there)
  const account = accounts.list().find((known) => usernameOf(known) === person)
  if (deed === 'break') {
    tab.breaks(isOn)
    if (isOn) model.failed.add(owner)
  } else if (deed === 'signIn') {
    tab.breaks(false)
    const result = await tab.interact(person, scopesOf(tab), 'grants')
    expect(result.accessToken).toMatch(owner)
    there.add(person)
  } else if (deed === 'decline') {
    await expect(tab.interact(person, scopesOf(tab), 'denies')).rejects.toBeDefined()
  } else if (deed === 'logOut') {
    const iss = account?.idTokenClaims.iss ?? 'https://idp.example'
    await removeSession(
      { iss, sid: `session of ${person}` },
      { store, cacheName: config.cache.name },
    )
    // A page without a client has no channel here: the test notifies the tabs.
    for (const other of tabs) await other.accounts.load()
    for (const { owner: other } of tabs) {
      const [issuer, , cacheName] = JSON.parse(other)
      const [own, , ownCache] = JSON.parse(owner)
      const isHit = account ? issuer === own : issuer === 'root'
      if (isHit && cacheName === ownCache) model.signedIn.get(other)?.delete(person)
    }
  } else if (deed === 'silent' || deed === 'refresh') {
    const asked = isOn ? account : undefined
    await tab.silent(scopesOf(tab), asked, deed === 'refresh').then(
      ({ accessToken, account: whose }) => {
        expect(accessToken.split('#')[0]).toBe(owner)
        expect(whose.name).toBe(owner)
        expect(there).toContain(usernameOf(whose))
      },
      (error) => {
        const reason = isAuthError(error) ? error.code : String(error)
        if (reason === 'server_error') expect(model.failed).toContain(owner)
        else expect(reason).toBe('interaction_required')
      },
    )
  } else if (deed === 'activate') {
    if (account || isOn) await tab.setActive(account)
    if (account) expect(accounts.active()?.name).toBe(owner)
  } else if (account) {
    await (deed === 'signOut' ? tab.signOut(account) : tab.removeAccount(account))
    there.delete(person)
  }
  await tab.isHeard()
}

/** A tab shows the accounts of its owner: no more, and no less. */
async function expectOwn(tab: Tab, { signedIn }: Model) {
  const { owner, accounts } = tab
  const expected = [...(signedIn.get(owner) ?? [])].sort()
  expect(accounts.list().map(usernameOf).sort()).toEqual(expected)
  expect(accounts.list().every(({ name }) => name === owner)).toBe(true)
  const asked = (await tab.consents()).flat().flatMap(({ entries }) => Object.values(entries))
  for (const { scope } of asked) expect(scopesOf(tab)).toContain(scope)
}

test('no client sees an account, a token, a consent, a pause, a lock or a message of another pair', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(tabOptions, { minLength: 2, maxLength: 4 }),
      fc.array(step, { maxLength: 25 }),
      async (options, steps) => {
        const world = createOneOrigin()
        const tabs = options.map(world.openTab)
        const model: Model = { signedIn: new Map(), failed: new Set() }
        for (const one of steps) {
          const tab = tabs[one.tab % tabs.length]
          if (tab) await take(one, tab, tabs, model)
          for (const each of tabs) await expectOwn(each, model)
        }
        // The same after a reload of every tab.
        for (const again of options.map(world.openTab)) {
          await again.accounts.load()
          await expectOwn(again, model)
        }
        expect(world.strangers).toEqual([])
        for (const users of world.lockUsers.values()) expect(users.size).toBe(1)
        const marks = new Map(tabs.map(({ config, owner }) => [config.mark, owner]))
        for (const { config, owner } of tabs) expect(marks.get(config.mark)).toBe(owner)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
