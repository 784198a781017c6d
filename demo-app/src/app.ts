import type { AuthClient } from '@carnet/browser'
import { createAsking } from './account/asking.ts'
import type { InteractionChoice } from './account/interaction-choice.ts'
import { createAccountActions } from './account-actions.ts'
import { type ActivePage, createActivePage } from './active-page.ts'
import { createEventLog } from './events/event-log.ts'
import { createEvents } from './events/events.ts'
import type { NetworkSwitch } from './provider/network-switch.ts'
import type { ProviderControl } from './provider/provider-control.ts'
import { createRenewalJournal } from './renewal/renewal-journal.ts'
import { createTicketBook } from './tokens/ticket-book.ts'
import { currentRoute, onRoute } from './ui/router.ts'
import type { Ticker } from './ui/ticker.ts'
import type { Shell } from './views/shell.ts'

/** The events that may change the accounts, or the claims of an account that is already signed in. */
const ACCOUNT_NEWS = [
  'accountAdded',
  'accountRemoved',
  'activeAccountChanged',
  'tokenAcquired',
] as const

/** Connects the client and the page. The active account decides which view the page shows. */
export function runApp(deps: {
  auth: AuthClient
  authority: string
  network: NetworkSwitch['over']
  control: ProviderControl
  shell: Shell
  choice: InteractionChoice
  ticker: Ticker
}) {
  const { auth, shell, choice } = deps
  const asking = createAsking(auth, choice)
  // A client may emit earlier events as soon as a listener is added, before there is a page.
  let page: ActivePage | undefined
  const book = createTicketBook(auth, () => page?.current()?.showTickets())
  const journal = createRenewalJournal(auth)
  const events = createEvents(() => log.clear())
  const log = createEventLog(auth, (lines) => {
    events.update(lines)
    // The log stays after the sign-out, because it shows the sign-out too.
    if (!page?.current() && !events.region.isConnected) shell.below.prepend(events.region)
  })
  const actions = createAccountActions({
    auth,
    asking,
    shell,
    book,
    open: async (result) => page?.open(result),
  })
  const active = createActivePage(
    { ...deps, asking, book, journal, events: events.region },
    actions,
  )
  page = active

  for (const name of ACCOUNT_NEWS) auth.on(name, active.render)
  active.render()
  onRoute((route) => {
    active.render()
    active.current()?.goTo(route)
  })
  if (currentRoute() !== 'home') active.current()?.goTo(currentRoute())
  if (auth.redirectResult) void actions.take(auth.redirectResult, 'interaction')

  const { signIn, continueSilently } = actions
  return { signIn, continueSilently }
}
