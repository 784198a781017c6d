import type { Account, AuthClient, ConsentRecord } from '@carnet/browser'
import { element } from '../ui/element.ts'
import { formatClock } from '../ui/format.ts'
import { createLatest } from '../ui/latest.ts'
import { section } from '../ui/section.ts'

/** The consent ledger: each requested scope and its state. */
export function createConsent(auth: AuthClient, account: Account) {
  const ledger = element('div', { class: 'ledger' })
  const none = element(
    'p',
    { class: 'quiet empty' },
    'The sign-in requested no scope of an API. This list shows the scopes that the sections request.',
  )
  const { region, heading } = section('consent', 'Consent', none, ledger)
  let shown = ''

  const refresh = createLatest(
    () => auth.consent.entries(account),
    (records) => {
      const next = JSON.stringify(records)
      if (next === shown) return
      shown = next
      none.hidden = records.length > 0
      ledger.replaceChildren(...records.map(table))
    },
  )
  refresh()

  return { region, heading, refresh, close: refresh.close }
}

const table = ({ resource, entries }: ConsentRecord) =>
  element(
    'table',
    {},
    element('caption', {}, resource || 'default resource'),
    element(
      'thead',
      {},
      element('tr', {}, columnHead('Scope'), columnHead('State'), columnHead('Asked')),
    ),
    element(
      'tbody',
      {},
      ...Object.values(entries).map(({ scope, state, requestedAtMs }) => {
        const asked = new Date(requestedAtMs)
        return element(
          'tr',
          {},
          element('th', { scope: 'row' }, element('code', {}, scope)),
          element('td', {}, element('span', { class: 'mark', 'data-state': state }, state)),
          element('td', {}, element('time', { datetime: asked.toISOString() }, formatClock(asked))),
        )
      }),
    ),
  )

const columnHead = (text: string) => element('th', { scope: 'col' }, text)
