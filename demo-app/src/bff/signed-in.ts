import { calendarItem, mailItem } from '../api/items.ts'
import { button } from '../ui/button.ts'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import { notice } from '../ui/notice.ts'
import type { Route } from '../ui/router.ts'
import { section } from '../ui/section.ts'
import type { Ticker } from '../ui/ticker.ts'
import type { BackendCalls, SessionUser } from './backend-calls.ts'
import { BackendError, signInUrl } from './backend-error.ts'
import { createInventory } from './inventory.ts'
import { createListSection } from './list-section.ts'
import { createSessionTickets } from './session-tickets.ts'
import { wordsOfError } from './words.ts'

const DAY_MS = 24 * 3_600_000

/** The page of the user of the session. */
export function createSignedIn(deps: {
  user: SessionUser
  calls: BackendCalls
  ticker: Ticker
  log: HTMLElement
  announce: (text: string) => void
  /** Called when the server says that there is no session. */
  onNoSession: () => void
  /** Asks the server whether the session is still there. */
  check: () => void
}) {
  const { user, calls, ticker, log, announce, onNoSession, check } = deps
  const tickets = createSessionTickets(ticker, check)
  const inventory = createInventory()

  async function attempt(work: () => Promise<void>): Promise<HTMLElement | undefined> {
    try {
      await work()
      return undefined
    } catch (error) {
      if (error instanceof BackendError && error.code === 'no_session') onNoSession()
      return notice(wordsOfError(error), ...remedyOf(error))
    }
  }

  async function look(): Promise<void> {
    tickets.update(await calls.times())
    await inventory.look()
  }

  /** A call of an API postpones the end of the session, and may renew the token. The list stays if the times are not known. */
  const call = (work: () => Promise<void>) =>
    attempt(async () => {
      await work()
      await look().catch(() => undefined)
    })

  const shared = { attempt: call, announce }
  const calendar = createListSection({
    ...shared,
    id: 'calendar',
    title: 'Calendar',
    path: '/api/calendar/events',
    buttonLabel: 'Show my calendar',
    none: 'No events in the next days.',
    load: calls.events,
    row: calendarItem,
    change: {
      label: 'Add a coffee break',
      run: () => calls.addEvent('Coffee break', new Date(Date.now() + DAY_MS)),
    },
  })
  const mail = createListSection({
    ...shared,
    id: 'mail',
    title: 'Mail',
    path: '/api/mail/messages',
    buttonLabel: 'Show my mail',
    none: 'No messages.',
    load: calls.messages,
    row: mailItem,
  })
  const sections: Partial<Record<Route, HTMLElement>> = {
    calendar: calendar.heading,
    mail: mail.heading,
    tokens: tickets.heading,
  }

  return {
    user,
    element: booklet(
      [profileOf(user), calendar.region, mail.region],
      [tickets.region, inventory.region, log],
    ),
    open: () => attempt(look),
    close: tickets.close,
    /** Scrolls to the section of a route, and moves the focus there. */
    goTo(route: Route): void {
      const heading = sections[route]
      if (!heading) scrollTo({ top: 0 })
      heading?.focus({ preventScroll: true })
      heading?.scrollIntoView()
    },
  }
}

const remedyOf = (error: unknown) =>
  error instanceof BackendError && error.loginUrl !== undefined
    ? [button('Go to the provider', () => location.assign(signInUrl(error.loginUrl)))]
    : []

const profileOf = ({ name, username }: SessionUser) =>
  section(
    'profile',
    'Profile',
    element('p', { class: 'quiet' }, 'The server says who you are: ', element('code', {}, '/me')),
    definitions([
      ['Name', name],
      ['Username', username],
    ]),
  ).region

const booklet = (left: readonly HTMLElement[], right: readonly HTMLElement[]) =>
  element(
    'div',
    { class: 'booklet' },
    element('h1', { class: 'visually-hidden', tabindex: -1 }, 'Your session'),
    element('div', { class: 'column' }, ...left),
    element('div', { class: 'column' }, ...right),
  )
