import type { Account } from '@carnet/browser'
import { button, repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { section } from '../ui/section.ts'
import { accountName } from './account-name.ts'

/** The list of signed-in accounts. The page belongs to the active account. */
export function createAccounts(deps: {
  switchTo: (account: Account) => void
  remove: (account: Account) => Promise<void>
  useAnother: () => Promise<void>
}) {
  const list = element('ul', { class: 'accounts-list' })
  const { region, heading } = section(
    'accounts',
    'Accounts',
    list,
    element('div', { class: 'actions' }, repeatableButton('Use another account', deps.useAnother)),
  )
  let shown = ''

  return {
    region,
    heading,
    update(active: Account, accounts: readonly Account[]): void {
      const rows = accounts.map((account) => ({
        account,
        name: accountName(account, accounts),
        isActive: account.id === active.id,
      }))
      // Keep unchanged rows, because a button in them may have the focus.
      const next = JSON.stringify(
        rows.map(({ account, name, isActive }) => [account.homeAccountId, name, isActive]),
      )
      if (next === shown) return
      shown = next
      const hadFocus = list.contains(document.activeElement)
      list.replaceChildren(...rows.map(row))
      if (hadFocus) heading.focus({ preventScroll: true })
    },
  }

  function row(entry: { account: Account; name: string; isActive: boolean }): HTMLElement {
    const { account, name, isActive } = entry
    return element(
      'li',
      isActive ? { 'aria-current': 'true' } : {},
      element('span', { class: 'leaf', 'aria-hidden': 'true' }, name.slice(0, 1).toUpperCase()),
      element(
        'div',
        { class: 'account-name' },
        element('strong', {}, account.name ?? account.username),
        isActive ? element('span', { class: 'mark' }, 'Active') : undefined,
        element('span', { class: 'quiet' }, account.username),
      ),
      element(
        'div',
        { class: 'actions' },
        isActive ? undefined : button(`Switch to ${name}`, () => deps.switchTo(account)),
        button(`Remove ${name}`, () => deps.remove(account)),
      ),
    )
  }
}
