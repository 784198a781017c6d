import type { Account, AuthClient, AuthenticationResult } from '@carnet/browser'
import { createAccounts } from '../account/accounts.ts'
import type { Asking } from '../account/asking.ts'
import { createProfile } from '../account/profile.ts'
import { createChallenges } from '../challenges/challenges.ts'
import { createConsent } from '../consent/consent.ts'
import type { NetworkSwitch } from '../provider/network-switch.ts'
import type { ProviderControl } from '../provider/provider-control.ts'
import { createRenewal } from '../renewal/renewal.ts'
import type { RenewalJournal } from '../renewal/renewal-journal.ts'
import type { TicketBook } from '../tokens/ticket-book.ts'
import { createTokens } from '../tokens/tokens.ts'
import { element } from '../ui/element.ts'
import type { Route } from '../ui/router.ts'
import type { Ticker } from '../ui/ticker.ts'
import { createApiSections } from './api-sections.ts'
import { createOwnResult } from './own-result.ts'
import type { Shell } from './shell.ts'

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

export interface SignedInDeps {
  auth: AuthClient
  account: Account
  authority: string
  network: NetworkSwitch['over']
  shell: Shell
  asking: Asking
  book: TicketBook
  journal: RenewalJournal
  ticker: Ticker
  control: ProviderControl
  events: HTMLElement
  useAnother: () => Promise<void>
  remove: (account: Account) => Promise<void>
}

/** The page of one account. It sends no request before the user acts. */
export function createSignedIn(deps: SignedInDeps) {
  const { auth, account, authority, network, shell, asking, book, journal, ticker } = deps
  const { control, events, useAnother, remove } = deps

  const profile = createProfile()
  const accounts = createAccounts({ switchTo: auth.setActiveAccount, useAnother, remove })
  const ownResult = createOwnResult(account, book)
  const { calendar, mail, plans, open } = createApiSections({
    auth,
    account,
    authority,
    network,
    asking,
    ticker,
    ownResult,
    announce: shell.announce,
  })
  const challenges = createChallenges({ auth, account, authority, control })
  const consent = createConsent(auth, account)
  const renewal = createRenewal({ auth, account, journal, ticker, renewSession })
  const tokens = createTokens(
    {
      askAgain: book.askAgain,
      goToProvider: async (request) => {
        await ownResult(request, () => asking.insist({ ...request, account }))
      },
    },
    ticker,
  )

  async function renewSession(): Promise<void> {
    const question = { scopes: ['openid'] }
    await ownResult(question, () => asking.insist({ ...question, account })).catch(shell.report)
  }

  const sections = { calendar, mail, consent, tokens, renewal }
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
    element: booklet(
      [profile, accounts, calendar, mail, challenges, consent].map(({ region }) => region),
      [tokens.region, renewal.region, events],
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
      sections[route].heading.focus({ preventScroll: true })
      sections[route].heading.scrollIntoView()
    },
    async open(result: AuthenticationResult): Promise<void> {
      await Promise.all([open(result), challenges.resume()])
    },
    close(): void {
      for (const stop of stops) stop()
      for (const part of [tokens, plans, consent, renewal]) part.close()
    },
  }
}

/** The page in two columns. */
const booklet = (left: readonly HTMLElement[], right: readonly HTMLElement[]) =>
  element(
    'div',
    { class: 'booklet' },
    element('h1', { class: 'visually-hidden', tabindex: -1 }, 'Your booklet'),
    element('div', { class: 'column' }, ...left),
    element('div', { class: 'column' }, ...right),
  )
