import { brand } from '../ui/brand.ts'
import { button } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { hrefOf, type Route } from '../ui/router.ts'
import type { SessionUser } from './backend-calls.ts'

const LINKS: readonly (readonly [Route, string])[] = [
  ['home', 'Overview'],
  ['calendar', 'Calendar'],
  ['mail', 'Mail'],
  ['tokens', 'Session'],
]

/** The header of a signed-in user. */
export function createHeader({ name, username }: SessionUser, signOut: () => Promise<void>) {
  const links = LINKS.map(([route, label]) => ({
    route,
    link: element('a', { href: hrefOf(route) }, label),
  }))
  const items = links.map(({ link }) => element('li', {}, link))
  const who = [element('strong', {}, name), element('span', {}, username)]
  return {
    nodes: [
      brand(),
      element('nav', { 'aria-label': 'Sections' }, element('ul', {}, ...items)),
      element('p', { class: 'who' }, ...who),
      element('div', { class: 'actions' }, button('Sign out', signOut)),
    ],
    /** Marks the link of the route. */
    mark(current: Route): void {
      for (const { route, link } of links) {
        if (route === current) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}
