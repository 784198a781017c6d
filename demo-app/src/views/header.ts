import type { Account } from '@carnet/browser'
import { accountName } from '../account/account-name.ts'
import { brand } from '../ui/brand.ts'
import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { hrefOf, type Route } from '../ui/router.ts'

const LINKS: readonly (readonly [Route, string])[] = [
  ['home', 'Overview'],
  ['calendar', 'Calendar'],
  ['mail', 'Mail'],
  ['consent', 'Consent'],
  ['tokens', 'Tokens'],
  ['renewal', 'Renewal'],
]

/** The header of a signed-in user. */
export function createSignedInHeader(deps: {
  signOut: () => Promise<void>
  /** Signs out of the demo only. The session at the provider stays. */
  signOutHere: () => Promise<void>
}) {
  const name = element('strong')
  const username = element('span')
  const who = element('p', { class: 'who' }, name, username)
  const links = LINKS.map(([route, label]) => {
    const link = element('a', { href: hrefOf(route) }, label)
    return { route, link, item: element('li', {}, link) }
  })
  const nodes = [
    brand(),
    element(
      'nav',
      { 'aria-label': 'Sections' },
      element('ul', {}, ...links.map(({ item }) => item)),
    ),
    who,
    element(
      'div',
      { class: 'actions' },
      button('Sign out here only', deps.signOutHere, { class: 'quiet' }),
      button('Sign out', deps.signOut),
    ),
  ]
  return {
    nodes,
    update(account: Account, accounts: readonly Account[], route: Route): void {
      name.textContent = accountName(account)
      username.textContent = account.name === undefined ? '' : account.username
      who.title = accounts.length > 1 ? `The active account of ${accounts.length} accounts` : ''
      for (const { route: target, link } of links) {
        if (target === route) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}
