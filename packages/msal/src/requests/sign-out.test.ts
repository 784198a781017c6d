import type { AccountInfo } from '@azure/msal-browser'
import { expect, test } from 'vitest'
import { toSignOut } from './sign-out.ts'

const ALICE = { homeAccountId: 'alice.home', loginHint: 'hint' } as AccountInfo
const context = {
  accounts: { find: () => ({ username: 'alice' }), all: () => [{ username: 'alice' }] },
  config: { auth: { postLogoutRedirectUri: null } },
} as unknown as Parameters<typeof toSignOut>[2]

test('a sign-out keeps the state of the app', () => {
  expect(toSignOut({ account: ALICE, state: 'of the app' }, 'redirect', context)).toEqual({
    account: { username: 'alice' },
    interaction: 'redirect',
    postLogoutRedirectUri: null,
    logoutHint: 'hint',
    state: 'of the app',
  })
})

test('the popup of a sign-out opens where the request says', () => {
  const frame = { screenX: 0, screenY: 0, innerWidth: 1000, innerHeight: 800 }
  const popupWindowParent = { ...frame, open: () => null } as unknown as Window
  const popupWindowAttributes = { popupSize: { width: 600, height: 500 } }
  const asked = toSignOut({ popupWindowParent, popupWindowAttributes }, 'popup', context)
  expect(asked).toMatchObject({
    account: 'all',
    popupFeatures: 'popup,width=600,height=500,top=100,left=259',
  })
  expect(asked.openPopup?.('')).toBeNull()
})

test('an account that is not signed in here takes no other account with it', () => {
  const signedIn = [{ username: 'bob' }] as AccountInfo[]
  const contextWith = (all: AccountInfo[]) =>
    ({
      ...context,
      accounts: { find: () => undefined, all: () => all },
    }) as unknown as typeof context
  expect(toSignOut({ account: ALICE }, 'redirect', contextWith(signedIn)).account).toBe(ALICE)
  expect(toSignOut({ account: ALICE }, 'redirect', contextWith([])).account).toBe('all')
})
