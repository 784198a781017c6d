import type { AccountInfo } from '@azure/msal-browser'
import { AuthError } from '@carnet/browser'
import { expect, test } from 'vitest'
import type { AppContext } from '../context/app-context.ts'
import { logoutPopup } from './logout-popup.ts'

const ALICE = { homeAccountId: 'alice.home' } as AccountInfo

type Callback = (event: object) => void

/** The parts of an application object that has Alice signed in, and makes her its active account. */
function appWith(signOut: (client: { open(): void; remove(): void }) => Promise<void>) {
  const callbacks = new Map<string, Callback>()
  const seen: string[] = []
  let signedIn: AccountInfo[] = [ALICE]
  let active: AccountInfo | null = ALICE
  const client = {
    open: () => callbacks.get('popupOpened')?.({ window: {}, correlationId: 'id' }),
    remove() {
      signedIn = []
      callbacks.get('accountRemoved')?.({ account: ALICE, tab: 'this' })
    },
  }
  const auth = {
    on(type: string, callback: Callback) {
      callbacks.set(type, callback)
      return () => callbacks.delete(type)
    },
    signOut: () => signOut(client),
  }
  const context = {
    auth: () => auth,
    config: { auth: { postLogoutRedirectUri: null } },
    accounts: { all: () => signedIn, find: () => undefined },
    active: {
      get: () => active,
      set: (account: AccountInfo | null) => {
        active = account
      },
    },
    events: {
      emitEvent: (type: string) => seen.push(`${type.slice(5)}, ${signedIn.length} signed in`),
    },
  } as unknown as AppContext
  return { context, seen, callbacks, isActive: () => active !== null }
}

test('the success comes when the account is removed, and before the popup', async () => {
  const { context, seen, callbacks, isActive } = appWith(async (client) => {
    client.open()
    await Promise.resolve()
    client.remove()
  })
  await logoutPopup({ account: ALICE }, 'id', context)
  expect(seen).toEqual([
    'logoutStart, 1 signed in',
    'activeAccountChanged, 0 signed in',
    'logoutSuccess, 0 signed in',
    'popupOpened, 0 signed in',
    'logoutEnd, 0 signed in',
  ])
  expect(isActive()).toBe(false)
  expect(callbacks.size).toBe(0)
})

test('a blocked popup is a failure, and the account stays the active account', async () => {
  const { context, seen, isActive } = appWith(async () => {
    throw new AuthError('popup_blocked', 'The browser blocked the popup.')
  })
  const signingOut = logoutPopup({ account: ALICE }, 'id', context)
  await expect(signingOut).rejects.toMatchObject({ errorCode: 'popup_window_error' })
  expect(seen).toEqual([
    'logoutStart, 1 signed in',
    'logoutFailure, 1 signed in',
    'logoutEnd, 1 signed in',
  ])
  expect(isActive()).toBe(true)
})

test('a provider without sign-out is no failure for a removed account', async () => {
  const { context, seen } = appWith(async (client) => {
    client.open()
    client.remove()
    throw new AuthError('end_session_unsupported', 'The provider has no endpoint for it.')
  })
  await logoutPopup({ account: ALICE }, 'id', context)
  expect(seen.at(-1)).toBe('logoutEnd, 0 signed in')
  expect(seen.join()).not.toContain('logoutFailure')
})
