import type { Account, AuthClient, AuthenticationResult } from '@carnet/browser'
import { accountName } from '../account-name.ts'
import type { Asking } from '../asking.ts'
import { fetchCalendar } from '../calendar.ts'
import { createPlans, planFor } from '../consent-plans.ts'
import { createDraft } from '../draft.ts'
import { element } from '../element.ts'
import { fetchMail, sendMail } from '../mail.ts'
import type { RenewalJournal } from '../renewal-journal.ts'
import type { Route } from '../router.ts'
import type { Ticker } from '../ticker.ts'
import type { Question, TicketBook } from '../ticket-book.ts'
import { createAccounts } from './accounts.ts'
import { createApiSection } from './api-section.ts'
import { createConsent } from './consent.ts'
import { calendarItem, mailItem } from './items.ts'
import { createProfile } from './profile.ts'
import { createRenewal } from './renewal.ts'
import { createSendMail } from './send-mail.ts'
import type { Shell } from './shell.ts'
import { createTokens } from './tokens.ts'

/** The events that may change a plan, the consent ledger or the planned renewals. */
const NEWS = [
  'tokenAcquired',
  'tokenRenewed',
  'renewalFailed',
  'interactionExpected',
  'interactionEnded',
  'accountRemoved',
  'activeAccountChanged',
] as const

/** The page of one account. It sends no request before the user acts. */
export function createSignedIn(deps: {
  auth: AuthClient
  account: Account
  authority: string
  network: typeof fetch
  shell: Shell
  asking: Asking
  book: TicketBook
  journal: RenewalJournal
  ticker: Ticker
  events: HTMLElement
  useAnother: () => Promise<void>
  remove: (account: Account) => Promise<void>
}) {
  const { auth, account, authority, network, shell, asking, book, journal, ticker } = deps
  const { events, useAnother, remove } = deps
  const { announce } = shell

  const profile = createProfile()
  const accounts = createAccounts({ switchTo: auth.setActiveAccount, useAnother, remove })
  const calendar = createApiSection({
    id: 'calendar',
    title: 'Calendar',
    scope: 'calendar.read',
    buttonLabel: 'Show my calendar',
    intro: 'Requests this scope when you open it:',
    none: 'Nothing in the coming days.',
    load: (accessToken) => fetchCalendar(authority, accessToken, network),
    row: calendarItem,
    ...tokenFor('calendar.read', 'calendar'),
    announce,
  })
  const sending = createSendMail({
    scope: 'mail.send',
    draft: createDraft(account),
    send: (accessToken, message) => sendMail(authority, accessToken, network, message),
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
    load: (accessToken) => fetchMail(authority, accessToken, network),
    row: mailItem,
    ...tokenFor('mail.read', 'mail'),
    announce,
    more: sending.form,
  })
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
  const consent = createConsent(auth, account)
  const renewal = createRenewal({ auth, account, journal, ticker, renewSession })
  const tokens = createTokens(
    {
      askAgain: book.askAgain,
      goToProvider: async (request) => {
        await ownAnswer(request, () => asking.insist({ ...request, account }))
      },
    },
    ticker,
  )

  /** The result returns `state`, which names the section to open. */
  function tokenFor(scope: string, state: string) {
    const request = { scopes: [scope], state, account }
    return {
      acquire: () => ownAnswer(request, () => asking.acquire(request)),
      insist: () => ownAnswer(request, () => asking.insist(request)),
      standing: () => planFor(auth, account, scope),
    }
  }

  async function renewSession(): Promise<void> {
    const question = { scopes: ['openid'] }
    await ownAnswer(question, () => asking.insist({ ...question, account })).catch(shell.report)
  }

  /** Rejects a result for another account, because the user may sign in as another user at the provider. */
  async function ownAnswer(
    question: Question,
    ask: () => Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> {
    const result = await book.measure(question, ask)
    if (result.account.id === account.id) return result
    throw new Error(
      `The provider returned a token for ${accountName(result.account)}, not for ${accountName(account)}. Switch the account under Accounts, or try again.`,
    )
  }

  const headings = {
    calendar: calendar.heading,
    mail: mail.heading,
    consent: consent.heading,
    tokens: tokens.heading,
    renewal: renewal.heading,
  }
  function showTickets(): void {
    tokens.update(book.ticketsOf(account))
    renewal.look()
  }
  showTickets()

  const stops = NEWS.map((name) =>
    auth.on(name, () => {
      plans.refresh()
      consent.refresh()
      renewal.look()
    }),
  )

  return {
    account,
    element: element(
      'div',
      { class: 'booklet' },
      element('h1', { class: 'visually-hidden', tabindex: -1 }, 'Your booklet'),
      element(
        'div',
        { class: 'column' },
        profile.region,
        accounts.region,
        calendar.region,
        mail.region,
        consent.region,
      ),
      element('div', { class: 'column' }, tokens.region, renewal.region, events),
    ),
    showTickets,
    update(next: Account): void {
      profile.update(next)
      accounts.update(next, auth.accounts)
    },
    focusAccounts: () => accounts.heading.focus(),
    /** Scrolls to the section of a route and moves the focus there. */
    goTo(route: Route): void {
      if (route === 'home') {
        scrollTo({ top: 0 })
        return
      }
      headings[route].focus({ preventScroll: true })
      headings[route].scrollIntoView()
    },
    /** Opens the section that requested the result. */
    async open(result: AuthenticationResult): Promise<void> {
      if (result.state === 'calendar') await calendar.openWith(result)
      if (result.state === 'mail') await mail.openWith(result)
      if (result.state === 'send') await sending.openWith(result)
    },
    close(): void {
      for (const stop of stops) stop()
      for (const part of [tokens, plans, consent, renewal]) part.close()
    },
  }
}
