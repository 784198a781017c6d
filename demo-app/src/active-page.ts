import type { Account, AuthenticationResult } from '@carnet/browser'
import { accountName } from './account/account-name.ts'
import type { AccountActions } from './account-actions.ts'
import { brand } from './ui/brand.ts'
import { currentRoute } from './ui/router.ts'
import { createSignedInHeader } from './views/header.ts'
import { createSignedIn, type SignedInDeps } from './views/signed-in.ts'
import { createSignedOut } from './views/signed-out.ts'

export type ActivePage = ReturnType<typeof createActivePage>

/** Shows the page of the active account, or the page without an account. */
export function createActivePage(
  deps: Omit<SignedInDeps, 'account' | 'useAnother' | 'remove'>,
  actions: AccountActions,
) {
  const { auth, authority, shell } = deps
  let page: ReturnType<typeof createSignedIn> | undefined
  const header = createSignedInHeader(actions)

  function render(): void {
    const account = auth.activeAccount
    const hadFocus = document.activeElement !== document.body
    const isSwitch = page !== undefined
    if (page && account?.id !== page.account.id) {
      page.close()
      page = undefined
    }
    if (!account) showSignedOut()
    else {
      if (!page) showPageOf(account, isSwitch)
      page?.update(account)
      header.update(account, auth.accounts, currentRoute())
    }
    // The removal of the focused element loses the focus: move it to the top of the new view.
    if (!hadFocus || document.activeElement !== document.body) return
    if (page && isSwitch) page.focusAccounts()
    else document.querySelector('h1')?.focus({ preventScroll: page !== undefined })
  }

  function showPageOf(account: Account, isSwitch: boolean): void {
    page = createSignedIn({
      ...deps,
      account,
      useAnother: () => actions.signIn({ prompt: 'select_account' }),
      remove: actions.remove,
    })
    shell.header.replaceChildren(...header.nodes)
    shell.show(page.element)
    if (isSwitch) shell.announce(`${accountName(account)} is the active account now.`)
  }

  function showSignedOut(): void {
    shell.header.replaceChildren(brand())
    shell.show(
      createSignedOut({
        authority,
        route: currentRoute(),
        others: auth.accounts,
        signIn: actions.signIn,
        continueSilently: actions.continueSilently,
        resume: auth.setActiveAccount,
      }),
    )
  }

  return {
    render,
    /** The page of the active account. */
    current: () => page,
    /** Opens the section that requested the result, if the page belongs to the same account. */
    async open(result: AuthenticationResult): Promise<void> {
      if (page && result.account.id === page.account.id) await page.open(result)
    },
  }
}
