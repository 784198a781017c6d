import { type InteractionHint, isAuthError, isInteractionRequired } from '@carnet/browser'
import { element } from '../element.ts'
import { formatClock, formatDuration, formatRemaining } from '../format.ts'
import type { Ticket } from '../ticket-book.ts'
import { button, repeatableButton } from './button.ts'
import { definitions } from './definitions.ts'
import { errorNotice } from './error-notice.ts'

export interface TicketActions {
  askAgain: (ticket: Ticket, options: { forceRefresh: boolean }) => Promise<void>
  /** Acquires the token with interaction. */
  goToProvider: (request: InteractionHint) => Promise<void>
}

/** Shows one access token as a ticket: its scopes, its facts, and a stripe for the remaining lifetime. */
export function createTicketView(first: Ticket, actions: TicketActions) {
  let ticket = first
  const scopesId = `ticket-${first.number}-scopes`
  const resource = element('p', { class: 'ticket-resource' })
  const scopes = element('ul', { class: 'scopes', id: scopesId, 'aria-label': 'Granted scopes' })
  const declined = element('p', { class: 'declined' })
  const facts = element('div')
  const remaining = element('span', { class: 'remaining' })
  const source = element('span', { class: 'source' })
  const took = element('span', { class: 'took' })
  const problem = element('div')
  const stripe = element('div', {
    class: 'stripe',
    role: 'meter',
    'aria-label': 'Lifetime left, in seconds',
    'aria-valuemin': 0,
  })

  const work = (forceRefresh: boolean) => async () => {
    try {
      await actions.askAgain(ticket, { forceRefresh })
      problem.replaceChildren()
    } catch (error) {
      problem.replaceChildren(errorNotice(error, ...remedy(error)))
    }
  }
  const remedy = (error: unknown) =>
    isInteractionRequired(error)
      ? [repeatableButton('Go to the provider', () => goToProvider(error.request))]
      : []

  async function goToProvider(request: InteractionHint): Promise<void> {
    try {
      await actions.goToProvider(request)
      problem.replaceChildren()
    } catch (error) {
      const again = isAuthError(error, 'popup_blocked') || isAuthError(error, 'user_cancelled')
      problem.replaceChildren(
        errorNotice(
          error,
          again ? repeatableButton('Go to the provider', () => goToProvider(request)) : undefined,
        ),
      )
    }
  }

  const row = element(
    'li',
    { class: 'ticket' },
    element(
      'div',
      { class: 'ticket-paper' },
      element('div', { class: 'ticket-main' }, resource, scopes, declined, facts, problem),
      element(
        'div',
        { class: 'ticket-stub' },
        element('p', { class: 'number' }, `N° ${String(first.number).padStart(3, '0')}`),
        element('p', { class: 'stamp' }, source, took),
        element(
          'div',
          { class: 'actions' },
          button('Ask again', work(false), { 'aria-describedby': scopesId }),
          button('Renew', work(true), { 'aria-describedby': scopesId }),
        ),
      ),
      stripe,
    ),
  )

  function tick(nowMs: number): void {
    const leftMs = Math.max(0, ticket.expiresAtMs - nowMs)
    const share = Math.min(1, leftMs / Math.max(1, ticket.lifetimeMs))
    stripe.style.setProperty('--share', share.toFixed(4))
    stripe.setAttribute('aria-valuemax', String(Math.round(ticket.lifetimeMs / 1000)))
    stripe.setAttribute('aria-valuenow', String(Math.round(leftMs / 1000)))
    row.dataset.state = leftMs === 0 ? 'expired' : share < 0.2 ? 'ending' : 'valid'
    remaining.textContent = leftMs === 0 ? 'expired' : `${formatRemaining(leftMs)} left`
  }

  function update(next: Ticket): void {
    ticket = next
    const expiresOn = new Date(next.expiresAtMs)
    resource.textContent = next.resource || 'default resource'
    scopes.replaceChildren(
      ...next.grantedScopes.map((scope) => element('li', {}, element('code', {}, scope))),
    )
    if (next.grantedScopes.length === 0)
      scopes.append(element('li', { class: 'quiet' }, 'no scopes of an API'))
    declined.textContent =
      next.declinedScopes.length === 0 ? '' : `Declined: ${next.declinedScopes.join(' ')}`
    facts.replaceChildren(
      definitions([
        [
          'Expires',
          element(
            'span',
            { class: 'lifetime' },
            element('time', { datetime: expiresOn.toISOString() }, formatClock(expiresOn)),
            remaining,
          ),
        ],
        ['Token', `${next.tokenType}, ${next.tokenLength} characters`],
        ['Correlation', element('code', { class: 'small' }, next.correlationId)],
      ]),
    )
    source.textContent = `from ${next.source}`
    row.dataset.source = next.source
    took.textContent = next.tookMs === undefined ? '' : `in ${formatDuration(next.tookMs)}`
    tick(Date.now())
  }

  update(first)
  return { row, update, tick }
}
