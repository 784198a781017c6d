import type { Account } from '@carnet/browser'
import { element } from '../element.ts'
import { hrefOf, type Route } from '../router.ts'
import { button } from './button.ts'

const LINKS: readonly (readonly [Route, string])[] = [
  ['home', 'Overview'],
  ['calendar', 'Calendar'],
  ['mail', 'Mail'],
  ['tokens', 'Tokens'],
]

export const brand = () =>
  element(
    'a',
    { class: 'brand', href: hrefOf('home') },
    element('img', { src: '/carnet.svg', alt: '', width: 32, height: 32 }),
    'Carnet',
  )

/** What the header holds for somebody who is signed in. */
export function createSignedInHeader(deps: {
  signOut: (interaction: 'redirect' | 'none') => Promise<void>
}) {
  const name = element('strong')
  const username = element('span')
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
    element('p', { class: 'who' }, name, username),
    element(
      'div',
      { class: 'actions' },
      button('Sign out here only', () => deps.signOut('none'), { class: 'quiet' }),
      button('Sign out', () => deps.signOut('redirect')),
    ),
  ]
  return {
    nodes,
    update(account: Account, route: Route): void {
      name.textContent = account.name ?? account.username
      username.textContent = account.name === undefined ? '' : account.username
      for (const { route: target, link } of links) {
        if (target === route) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}
