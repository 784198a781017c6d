import type { Account, AuthClient, AuthenticationResult } from '@carnet/browser'
import { fetchCalendar } from '../calendar.ts'
import { element } from '../element.ts'
import { fetchMail } from '../mail.ts'
import type { Route } from '../router.ts'
import { sameAccount } from '../same-account.ts'
import { createTicketBook } from '../ticket-book.ts'
import { createApiSection } from './api-section.ts'
import { calendarItem, mailItem } from './items.ts'
import { createProfile } from './profile.ts'
import type { Shell } from './shell.ts'
import { createTokens } from './tokens.ts'

/** The page of one account. It asks nothing of the provider until its user does. */
export function createSignedIn(deps: {
  auth: AuthClient
  account: Account
  authority: string
  shell: Shell
  events: HTMLElement
}) {
  const { auth, account, authority, shell, events } = deps
  const { announce, report } = shell
  const book = createTicketBook(auth, account, () => tokens.update(book.tickets()))

  const profile = createProfile({
    useAnother: async () => {
      await auth.signIn({ prompt: 'select_account' }).catch(report)
    },
    switchTo: (other) => auth.setActiveAccount(other),
  })
  const calendar = createApiSection({
    id: 'calendar',
    title: 'Calendar',
    scope: 'calendar.read',
    buttonLabel: 'Show my calendar',
    intro: 'Asks for one more scope, the first time:',
    none: 'Nothing in the coming days.',
    load: (accessToken) => fetchCalendar(authority, accessToken),
    row: calendarItem,
    ...tokenFor('calendar.read', 'calendar'),
    announce,
  })
  const mail = createApiSection({
    id: 'mail',
    title: 'Mail',
    scope: 'mail.read',
    buttonLabel: 'Show my mail',
    intro: 'Has a token of its own, with:',
    none: 'No messages.',
    load: (accessToken) => fetchMail(authority, accessToken),
    row: mailItem,
    ...tokenFor('mail.read', 'mail'),
    announce,
  })
  const tokens = createTokens({
    askAgain: book.askAgain,
    goToProvider: (scopes) => auth.acquireTokenRedirect({ scopes, account }),
  })

  /** `state` comes back with the answer and says which section the user was about to open. */
  function tokenFor(scope: string, state: string) {
    return {
      acquire: () => book.acquire({ scopes: [scope], state }),
      askForPermission: () =>
        auth.acquireTokenRedirect({ scopes: [scope], state, account, prompt: 'consent' }),
    }
  }

  const headings = { calendar: calendar.heading, mail: mail.heading, tokens: tokens.heading }

  return {
    account,
    element: element(
      'div',
      { class: 'booklet' },
      element('h1', { class: 'visually-hidden' }, 'Your booklet'),
      element('div', { class: 'column' }, profile.region, calendar.region, mail.region),
      element('div', { class: 'column' }, tokens.region, events),
    ),
    update: (next: Account) => profile.update(next, auth.accounts),
    /** Brings the section of a route into view, and the keyboard with it. */
    goTo(route: Route): void {
      if (route === 'home') {
        scrollTo({ top: 0 })
        return
      }
      headings[route].focus({ preventScroll: true })
      headings[route].scrollIntoView()
    },
    /** Shows the answer that came with this page load, and opens what it was asked for. */
    async openRedirectResult(result: AuthenticationResult): Promise<void> {
      if (!sameAccount(result.account, account)) return
      book.keepRedirectResult(result)
      if (result.state === 'calendar') await calendar.openWith(result)
      if (result.state === 'mail') await mail.openWith(result)
    },
    close(): void {
      book.close()
      tokens.close()
    },
  }
}
