import type { Account } from '@carnet/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createOneOrigin, type Tab } from '../testing/one-origin.ts'

const SCOPES = ['read']
const PEOPLE = ['alice', 'bob']
const nameOf = (account: Account | undefined) => account?.homeAccountId
const activeIn = ({ accounts }: Tab) => nameOf(accounts.active())

/** Tabs of one client. */
function setUp(...modes: readonly ('shared' | 'tab')[]) {
  const { openTab } = createOneOrigin()
  const client = { authority: 'https://idp.example', clientId: 'spa', cacheName: 'carnet' }
  const open = (activeAccount: 'shared' | 'tab') =>
    openTab({ ...client, owner: 'o', activeAccount })
  return { open, tabs: modes.map(open) as [Tab, Tab] }
}

async function signIn(tab: Tab, person: string) {
  await tab.interact(person, SCOPES, 'grants')
  await tab.isHeard()
}

describe('by default, a sign-in in another tab', () => {
  test('changes the active account of this tab, and emits the event', async () => {
    const { tabs } = setUp('shared', 'shared')
    await signIn(tabs[0], 'alice')
    const told: unknown[] = []
    tabs[0].events.on('activeAccountChanged', ({ account }) => told.push(account?.homeAccountId))
    await signIn(tabs[1], 'bob')
    expect([activeIn(tabs[0]), told]).toEqual(['bob', ['bob']])
  })

  test('is reported in the step of the change, before any token of the other account', async () => {
    const { tabs } = setUp('shared', 'shared')
    await signIn(tabs[0], 'alice')
    const happened: string[] = []
    tabs[0].events.on('activeAccountChanged', () => happened.push('told'))
    await tabs[1].interact('bob', SCOPES, 'grants')
    let isOver = false
    const hearing = tabs[1].isHeard().then(() => {
      isOver = true
    })
    // The caller asks at any moment between two steps.
    while (!isOver) {
      if (activeIn(tabs[0]) === 'bob') happened.push('shown')
      await Promise.resolve()
    }
    await hearing
    expect(happened.slice(0, 2)).toEqual(['told', 'shown'])
    const { account } = await tabs[0].silent(SCOPES, undefined, false)
    expect(account.homeAccountId).toBe('bob')
  })
})

describe('if each tab has its own active account, a sign-in in another tab', () => {
  test('adds its account, and changes nothing else', async () => {
    const { tabs, open } = setUp('tab', 'tab')
    await signIn(tabs[0], 'alice')
    const told: string[] = []
    tabs[0].events.on('activeAccountChanged', () => told.push('active'))
    tabs[0].events.on('accountAdded', ({ account }) => told.push(account.homeAccountId))
    await signIn(tabs[1], 'bob')
    expect([activeIn(tabs[0]), activeIn(tabs[1])]).toEqual(['alice', 'bob'])
    expect(told).toEqual(['bob'])
    expect((await tabs[0].silent(SCOPES, undefined, false)).account.homeAccountId).toBe('alice')
    expect((await tabs[0].silent(SCOPES, undefined, true)).account.homeAccountId).toBe('alice')
    const fresh = open('tab')
    await fresh.starts()
    expect(activeIn(fresh)).toBe('bob')
  })

  test('does not bring back an account that has signed out there before', async () => {
    const { tabs } = setUp('tab', 'tab')
    await signIn(tabs[0], 'alice')
    const [alice] = tabs[1].accounts.list()
    if (alice) await tabs[1].signOut(alice)
    await tabs[1].isHeard()
    expect(activeIn(tabs[0])).toBeUndefined()
    await signIn(tabs[1], 'alice')
    expect([activeIn(tabs[0]), activeIn(tabs[1])]).toEqual([undefined, 'alice'])
  })

  test('starts new tabs with a signed-in account, or with no account', async () => {
    const { tabs, open } = setUp('tab', 'tab')
    await signIn(tabs[0], 'alice')
    await signIn(tabs[1], 'bob')
    const bob = tabs[0].accounts.list().find((account) => nameOf(account) === 'bob')
    if (bob) await tabs[0].removeAccount(bob)
    const fresh = open('tab')
    await fresh.starts()
    expect(activeIn(fresh)).toBeUndefined()
  })
})

test('the active account of a tab changes only by actions in the tab, or if the account is removed', async () => {
  const step = fc.record({
    index: fc.nat(2),
    deed: fc.constantFrom('signIn', 'activate', 'deactivate', 'signOut', 'renew'),
    person: fc.constantFrom(...PEOPLE),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { tabs } = setUp('tab', 'tab', 'tab')
      for (const tab of tabs) await tab.starts()
      const expected: (string | undefined)[] = [undefined, undefined, undefined]
      for (const { index, deed, person } of steps) {
        const tab = tabs[index] as Tab
        const account = tab.accounts.list().find((known) => nameOf(known) === person)
        if (deed === 'signIn') await tab.interact(person, SCOPES, 'grants')
        else if (deed === 'deactivate') await tab.setActive(undefined)
        else if (!account) continue
        else if (deed === 'activate') await tab.setActive(account)
        else if (deed === 'renew') await tab.silent(SCOPES, account, true)
        else await tab.signOut(account)
        await tab.isHeard()
        if (deed === 'signIn' || deed === 'activate') expected[index] = person
        if (deed === 'deactivate') expected[index] = undefined
        if (deed === 'signOut')
          expected.forEach((active, at) => {
            if (active === person) expected[at] = undefined
          })
        expect(tabs.map(activeIn)).toEqual(expected)
      }
    }),
    { numRuns: 100 },
  )
}, 30_000)
