import type { Account } from '@carnet/browser'
import { accountName } from '../account/account-name.ts'
import { CLIENT_ID } from '../account/auth.ts'
import { button, repeatableButton } from '../ui/button.ts'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import type { Route } from '../ui/router.ts'

/** The page without an active account. */
export function createSignedOut(deps: {
  authority: string
  route: Route
  /** The signed-in accounts. None of them is active. */
  others: readonly Account[]
  signIn: () => Promise<void>
  /** Signs in with an existing session at the provider, in a hidden iframe. */
  continueSilently: () => Promise<void>
  resume: (account: Account) => void
}): HTMLElement {
  const { authority, route, others, signIn, continueSilently, resume } = deps
  return element(
    'section',
    { class: 'welcome', 'aria-labelledby': 'welcome-heading' },
    element(
      'div',
      { class: 'ticket-paper' },
      element(
        'div',
        { class: 'ticket-main' },
        element('h1', { id: 'welcome-heading', tabindex: -1 }, 'Tokens by the booklet'),
        element(
          'p',
          { class: 'lead' },
          'Carnet signs users in to a browser app with any OpenID Provider, and has a token ready for each call to an API.',
        ),
        element(
          'div',
          { class: 'actions' },
          repeatableButton('Sign in', () => signIn(), { class: 'main' }),
          ...others.map((account) =>
            button(`Continue as ${accountName(account, others)}`, () => resume(account)),
          ),
          button('Continue without asking', continueSilently),
        ),
        route === 'home'
          ? undefined
          : element('p', { class: 'quiet' }, `After the sign-in, the app shows ${labelOf(route)}.`),
      ),
      element(
        'div',
        { class: 'ticket-stub' },
        definitions([
          ['Provider', authority.replace(/^https?:\/\//, '')],
          ['Client', CLIENT_ID],
          ['Scopes', 'openid profile offline_access'],
          ['Flow', 'code, PKCE S256'],
        ]),
      ),
    ),
  )
}

const labelOf = (route: Route) => route.charAt(0).toUpperCase() + route.slice(1)
