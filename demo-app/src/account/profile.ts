import type { Account } from '@carnet/browser'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import { section } from '../ui/section.ts'

/** The profile of the user and the claims of the ID token. */
export function createProfile() {
  const facts = element('div')
  const claims = element('tbody')
  const { region } = section(
    'profile',
    'Profile',
    facts,
    element(
      'details',
      {},
      element('summary', {}, 'ID token claims'),
      element(
        'div',
        { class: 'scroller' },
        element(
          'table',
          {},
          element('thead', {}, element('tr', {}, columnHead('Claim'), columnHead('Value'))),
          claims,
        ),
      ),
    ),
  )

  return {
    region,
    update(account: Account): void {
      facts.replaceChildren(
        definitions([
          ['Name', account.name ?? 'not given'],
          ['Username', account.username],
          ['Home account id', element('code', {}, account.homeAccountId)],
          ['Environment', element('code', {}, account.environment)],
        ]),
      )
      claims.replaceChildren(
        ...Object.entries(account.idTokenClaims).map(([name, value]) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, name),
            element('td', {}, element('code', {}, textOfClaim(value)), timeOfClaim(name, value)),
          ),
        ),
      )
    },
  }
}

const columnHead = (text: string) => element('th', { scope: 'col' }, text)

const textOfClaim = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** The claims with a time in seconds since the epoch (RFC 7519 §4.1, OpenID Connect Core §2). */
const TIME_CLAIMS = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at']

function timeOfClaim(name: string, value: unknown): HTMLElement | undefined {
  if (!TIME_CLAIMS.includes(name) || typeof value !== 'number') return undefined
  const date = new Date(value * 1000)
  return element('time', { datetime: date.toISOString() }, date.toLocaleString('en-GB'))
}
