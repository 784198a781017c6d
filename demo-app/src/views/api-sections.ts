import type { Account, AuthClient, AuthenticationResult } from '@carnet/browser'
import type { Asking } from '../account/asking.ts'
import { createApiSection } from '../api/api-section.ts'
import { fetchCalendar } from '../api/calendar.ts'
import { createDraft } from '../api/draft.ts'
import { calendarItem, mailItem } from '../api/items.ts'
import { fetchMail, sendMail } from '../api/mail.ts'
import { createSendMail } from '../api/send-mail.ts'
import { createPlans, planFor } from '../consent/consent-plans.ts'
import type { NetworkSwitch } from '../provider/network-switch.ts'
import type { Ticker } from '../ui/ticker.ts'
import type { OwnResult } from './own-result.ts'

/** The sections that call an API of the provider, each with its own token. */
export function createApiSections(deps: {
  auth: AuthClient
  account: Account
  authority: string
  network: NetworkSwitch['over']
  asking: Asking
  ticker: Ticker
  ownResult: OwnResult
  announce: (text: string) => void
}) {
  const { auth, account, authority, network, asking, ticker, ownResult, announce } = deps
  const calendar = createApiSection({
    id: 'calendar',
    title: 'Calendar',
    scope: 'calendar.read',
    buttonLabel: 'Show my calendar',
    intro: 'Requests this scope when you open it:',
    none: 'No events in the next days.',
    load: () => fetchCalendar(authority, sendWith('calendar.read')),
    row: calendarItem,
    ...tokenFor('calendar.read', 'calendar'),
    announce,
  })
  const sending = createSendMail({
    scope: 'mail.send',
    draft: createDraft(account),
    send: (message) => sendMail(authority, sendWith('mail.send'), message),
    ...tokenFor('mail.send', 'send'),
    announce,
  })
  const mail = createApiSection({
    id: 'mail',
    title: 'Mail',
    scope: 'mail.read',
    buttonLabel: 'Show my mail',
    intro: 'Uses a separate token with:',
    none: 'No messages.',
    load: () => fetchMail(authority, sendWith('mail.read')),
    row: mailItem,
    ...tokenFor('mail.read', 'mail'),
    announce,
    more: sending.form,
  })

  /** The `fetch` of the client, with the scope of the section. */
  function sendWith(scope: string): typeof fetch {
    const carnet = { account, scopes: [scope] }
    return network((input, init) => auth.fetch(input, { ...init, carnet }))
  }

  /** The result returns `state`, which names the section to open. */
  function tokenFor(scope: string, state: string) {
    const request = { scopes: [scope], state, account }
    return {
      acquire: () => ownResult(request, () => asking.acquire(request)),
      insist: () => ownResult(request, () => asking.insist(request)),
      standing: () => planFor(auth, account, scope),
    }
  }

  const plans = createPlans({
    auth,
    account,
    ticker,
    listeners: new Map([
      ['calendar.read', calendar.updatePlan],
      ['mail.read', mail.updatePlan],
      ['mail.send', sending.updatePlan],
    ]),
  })

  /** Opens the section that requested the result. */
  async function open(result: AuthenticationResult): Promise<void> {
    if (result.state === 'calendar') await calendar.openWith(result)
    if (result.state === 'mail') await mail.openWith(result)
    if (result.state === 'send') await sending.openWith(result)
  }

  return { calendar, mail, plans, open }
}
