import type { InteractionHint } from '@carnet/browser'
import { button } from '../ui/button.ts'
import { definitions } from '../ui/definitions.ts'
import { element } from '../ui/element.ts'
import { formatClock, formatDuration, formatRemaining } from '../ui/format.ts'
import type { Ticket } from './ticket-book.ts'
import { createProblem } from './ticket-problem.ts'

export interface TicketActions {
  askAgain: (ticket: Ticket, options: { forceRefresh: boolean }) => Promise<void>
  /** Acquires the token with interaction. */
  goToProvider: (request: InteractionHint) => Promise<void>
}

/** Shows one access token as a ticket: its scopes, its facts, and a stripe for the remaining lifetime. */
export function createTicketView(first: Ticket, actions: TicketActions) {
  let ticket = first
  const parts = createParts(first.number)
  const problem = createProblem(actions.goToProvider)
  const work = (forceRefresh: boolean) => () =>
    problem.showFailure(() => actions.askAgain(ticket, { forceRefresh }))
  const row = createRow(parts, first.number, problem.element, [
    button('Ask again', work(false), { 'aria-describedby': parts.scopes.id }),
    button('Renew', work(true), { 'aria-describedby': parts.scopes.id }),
  ])

  function tick(nowMs: number): void {
    const leftMs = Math.max(0, ticket.expiresAtMs - nowMs)
    const share = Math.min(1, leftMs / Math.max(1, ticket.lifetimeMs))
    parts.stripe.style.setProperty('--share', share.toFixed(4))
    parts.stripe.setAttribute('aria-valuemax', String(Math.round(ticket.lifetimeMs / 1000)))
    parts.stripe.setAttribute('aria-valuenow', String(Math.round(leftMs / 1000)))
    row.dataset.state = leftMs === 0 ? 'expired' : share < 0.2 ? 'ending' : 'valid'
    parts.remaining.textContent = leftMs === 0 ? 'expired' : `${formatRemaining(leftMs)} left`
  }

  function update(next: Ticket): void {
    ticket = next
    showTicket(parts, next)
    row.dataset.source = next.source
    tick(Date.now())
  }

  update(first)
  return { row, update, tick }
}

type Parts = ReturnType<typeof createParts>

/** The elements of a ticket with changing content. */
const createParts = (number: number) => ({
  resource: element('p', { class: 'ticket-resource' }),
  scopes: element('ul', {
    class: 'scopes',
    id: `ticket-${number}-scopes`,
    'aria-label': 'Granted scopes',
  }),
  declined: element('p', { class: 'declined' }),
  facts: element('div'),
  remaining: element('span', { class: 'remaining' }),
  source: element('span', { class: 'source' }),
  took: element('span', { class: 'took' }),
  stripe: element('div', {
    class: 'stripe',
    role: 'meter',
    'aria-label': 'Lifetime left, in seconds',
    'aria-valuemin': 0,
  }),
})

const createRow = (
  { resource, scopes, declined, facts, source, took, stripe }: Parts,
  number: number,
  problem: HTMLElement,
  buttons: readonly HTMLElement[],
) =>
  element(
    'li',
    { class: 'ticket' },
    element(
      'div',
      { class: 'ticket-paper' },
      element('div', { class: 'ticket-main' }, resource, scopes, declined, facts, problem),
      element(
        'div',
        { class: 'ticket-stub' },
        element('p', { class: 'number' }, `N° ${String(number).padStart(3, '0')}`),
        element('p', { class: 'stamp' }, source, took),
        element('div', { class: 'actions' }, ...buttons),
      ),
      stripe,
    ),
  )

function showTicket(parts: Parts, ticket: Ticket): void {
  const { resource, scopes, declined, facts, remaining, source, took } = parts
  const { grantedScopes, declinedScopes, tookMs } = ticket
  const expiresOn = new Date(ticket.expiresAtMs)
  resource.textContent = ticket.resource || 'default resource'
  scopes.replaceChildren(
    ...grantedScopes.map((scope) => element('li', {}, element('code', {}, scope))),
  )
  if (grantedScopes.length === 0)
    scopes.append(element('li', { class: 'quiet' }, 'no scopes of an API'))
  declined.textContent = declinedScopes.length === 0 ? '' : `Declined: ${declinedScopes.join(' ')}`
  const expiry = element('time', { datetime: expiresOn.toISOString() }, formatClock(expiresOn))
  facts.replaceChildren(
    definitions([
      ['Expires', element('span', { class: 'lifetime' }, expiry, remaining)],
      ['Token', `${ticket.tokenType}, ${ticket.tokenLength} characters`],
      ['Correlation', element('code', { class: 'small' }, ticket.correlationId)],
    ]),
  )
  source.textContent = `from ${ticket.source}`
  took.textContent = tookMs === undefined ? '' : `in ${formatDuration(tookMs)}`
}
