import { element } from '../element.ts'
import type { Ticket } from '../ticket-book.ts'
import { section } from './section.ts'
import { createTicketView, type TicketActions } from './ticket.ts'

const SECOND_MS = 1000

/** The inspector: a ticket for each access token that this page has got. */
export function createTokens(actions: TicketActions) {
  const views = new Map<number, ReturnType<typeof createTicketView>>()
  const list = element('ul', { class: 'tickets' })
  const none = element(
    'p',
    { class: 'quiet empty' },
    'No token was asked for yet. Each one that this page gets becomes a ticket here.',
  )
  const { region, heading } = section('tokens', 'Tokens', none, list)

  const clock = setInterval(() => {
    const nowMs = Date.now()
    for (const { tick } of views.values()) tick(nowMs)
  }, SECOND_MS)

  return {
    region,
    heading,
    /** Takes them oldest first and shows them newest first. */
    update(tickets: readonly Ticket[]): void {
      none.hidden = tickets.length > 0
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
    close: () => clearInterval(clock),
  }
}
