import { button } from '../ui/button.ts'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import { signInUrl } from './backend-error.ts'

/** The page without a session. @param authority The issuer of the provider. */
export const createSignedOut = (authority: string): HTMLElement =>
  element(
    'section',
    { class: 'welcome', 'aria-labelledby': 'welcome-heading' },
    element(
      'div',
      { class: 'ticket-paper' },
      element(
        'div',
        { class: 'ticket-main' },
        element('h1', { id: 'welcome-heading', tabindex: -1 }, 'No token leaves the server'),
        element(
          'p',
          { class: 'lead' },
          'The server of this app signs users in, keeps their tokens, and calls the APIs for them. The browser has a cookie that no script can read.',
        ),
        element(
          'div',
          { class: 'actions' },
          button('Sign in', () => location.assign(signInUrl()), { class: 'main' }),
        ),
      ),
      element(
        'div',
        { class: 'ticket-stub' },
        definitions([
          ['Provider', authority.replace(/^https?:\/\//, '')],
          ['Client', 'web-app, with a secret'],
          ['Scopes', 'calendar.read calendar.write mail.read'],
          ['Flow', 'code, PKCE S256, on the server'],
        ]),
      ),
    ),
  )
