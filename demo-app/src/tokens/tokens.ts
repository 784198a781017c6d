import { element } from '../ui/element.ts'
import { createFollowing } from '../ui/following.ts'
import { section } from '../ui/section.ts'
import type { Ticker } from '../ui/ticker.ts'
import { createTicketView, type TicketActions } from './ticket.ts'
import type { Ticket } from './ticket-book.ts'

/** The inspector: a ticket for each access token of this page. */
export function createTokens(actions: TicketActions, ticker: Ticker) {
  const views = new Map<number, ReturnType<typeof createTicketView>>()
  const list = element('ul', { class: 'tickets' })
  const none = element(
    'p',
    { class: 'quiet empty' },
    'This page has no token yet. Each new token becomes a ticket here.',
  )
  const { region, heading } = section('tokens', 'Tokens', none, list)

  const clock = createFollowing(ticker, (nowMs) => {
    for (const { tick } of views.values()) tick(nowMs)
  })

  return {
    region,
    heading,
    /** @param tickets Oldest first. The view shows them newest first. */
    update(tickets: readonly Ticket[]): void {
      none.hidden = tickets.length > 0
      clock.needed(tickets.length > 0)
      for (const ticket of tickets) {
        const known = views.get(ticket.number)
        if (known) known.update(ticket)
        else {
          const created = createTicketView(ticket, actions)
          views.set(ticket.number, created)
          list.prepend(created.row)
        }
      }
    },
    close: () => clock.needed(false),
  }
}
