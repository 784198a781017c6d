import { describe, expect, test } from 'vitest'
import { createTabAccount } from './tab-account.ts'

/** A `sessionStorage` of one tab. */
function createStorage(held = new Map<string, string>()) {
  return {
    held,
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
  }
}

const refuse = () => {
  throw new DOMException('refused', 'SecurityError')
}

describe('a tab that keeps its own active account', () => {
  test('starts with the shared account, and does not follow it later', () => {
    const tab = createTabAccount('g', createStorage())
    expect(tab.pick('alice')).toBe('alice')
    expect(tab.pick('bob')).toBe('alice')
    expect(tab.pick(undefined)).toBe('alice')
  })

  test('takes no account after the start of the page; the next page of the tab may take it', () => {
    const storage = createStorage()
    const tab = createTabAccount('g', storage)
    expect(tab.pick(undefined)).toBeUndefined()
    tab.settle()
    expect(tab.pick('alice')).toBeUndefined()
    expect(createTabAccount('g', storage).pick('alice')).toBe('alice')
  })

  test('remembers the choice of no active account', () => {
    const storage = createStorage()
    createTabAccount('g', storage).keep(undefined)
    expect(createTabAccount('g', storage).pick('bob')).toBeUndefined()
  })

  test('survives a reload and a duplication; afterwards each tab is independent', () => {
    const storage = createStorage()
    createTabAccount('g', storage).keep('alice')
    const reloaded = createTabAccount('g', storage)
    const duplicate = createTabAccount('g', createStorage(new Map(storage.held)))
    expect([reloaded.pick('bob'), duplicate.pick('bob')]).toEqual(['alice', 'alice'])
    duplicate.keep('bob')
    expect([reloaded.pick(undefined), duplicate.pick(undefined)]).toEqual(['alice', 'bob'])
  })

  test('shares it with another client of its group in the same page, and with no other group', () => {
    const storage = createStorage()
    const [one, other, stranger] = ['g', 'g', 'h'].map((group) => createTabAccount(group, storage))
    one?.pick('alice')
    other?.keep('bob')
    expect([one?.pick('alice'), stranger?.pick('carol')]).toEqual(['bob', 'carol'])
  })

  test.each([
    ['refuses', { getItem: refuse, setItem: refuse }],
    ['does not have', undefined],
  ])('keeps it in memory where the browser %s sessionStorage', (_what, storage) => {
    const tab = createTabAccount('g', storage)
    expect(tab.pick('alice')).toBe('alice')
    tab.keep('bob')
    expect(tab.pick('alice')).toBe('bob')
  })
})
