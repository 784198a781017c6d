import { definitions } from '../ui/definitions.ts'
import { type Child, element } from '../ui/element.ts'
import { formatClock, formatRemaining } from '../ui/format.ts'
import { section } from '../ui/section.ts'
import type { Ticker } from '../ui/ticker.ts'
import type { SessionTimes } from './backend-calls.ts'

/**
 * Shows the session of this browser, and the access token on the server, as two tickets.
 *
 * @param onEnd Called when the session has ended by its times.
 */
export function createSessionTickets(ticker: Ticker, onEnd: () => void) {
  const session = createTicket('In this browser', 'cookie', 'HttpOnly', [
    ['Content', 'a random id'],
  ])
  const token = createTicket('On the server', 'access token', 'not in this browser', [
    ['Renewal', 'by the server, with its refresh token'],
  ])
  const { region, heading } = section(
    'tokens',
    'Session and tokens',
    element(
      'p',
      { class: 'quiet' },
      'A sign-out at the provider ends this session too, for example by the app that keeps its tokens in the browser.',
    ),
    element('ul', { class: 'tickets' }, session.row, token.row),
  )
  const stop = ticker.follow(tick)
  let endsAtMs = Number.POSITIVE_INFINITY

  function tick(nowMs: number): void {
    session.tick(nowMs)
    token.tick(nowMs)
    if (nowMs < endsAtMs) return
    endsAtMs = Number.POSITIVE_INFINITY
    onEnd()
  }

  return {
    region,
    heading,
    close: stop,
    update({ expiresOn, tokenEndsOn }: SessionTimes): void {
      endsAtMs = expiresOn.getTime()
      session.update('Ends', expiresOn)
      token.update('Expires', tokenEndsOn)
      tick(Date.now())
    },
  }
}

/** A ticket with a stripe for the remaining time. */
function createTicket(
  place: string,
  kind: string,
  stamp: string,
  facts: readonly (readonly [term: string, value: Child])[],
) {
  const times = element('div')
  const remaining = element('span', { class: 'remaining' })
  const stripe = element('div', {
    class: 'stripe',
    role: 'meter',
    'aria-label': `Time left of the ${kind}, in seconds`,
    'aria-valuemin': 0,
  })
  const row = element(
    'li',
    { class: 'ticket' },
    element(
      'div',
      { class: 'ticket-paper' },
      element(
        'div',
        { class: 'ticket-main' },
        element('p', { class: 'ticket-resource' }, place),
        element('ul', { class: 'scopes' }, element('li', {}, element('code', {}, kind))),
        times,
      ),
      element(
        'div',
        { class: 'ticket-stub' },
        element('p', { class: 'stamp' }, element('span', { class: 'source' }, stamp)),
      ),
      stripe,
    ),
  )
  let endsAtMs: number | undefined
  let lifetimeMs = 1

  function tick(nowMs: number): void {
    const leftMs = Math.max(0, (endsAtMs ?? 0) - nowMs)
    const share = Math.min(1, leftMs / lifetimeMs)
    stripe.style.setProperty('--share', share.toFixed(4))
    stripe.setAttribute('aria-valuemax', String(Math.round(lifetimeMs / 1000)))
    stripe.setAttribute('aria-valuenow', String(Math.round(leftMs / 1000)))
    row.dataset.state = leftMs === 0 ? 'expired' : share < 0.2 ? 'ending' : 'valid'
    remaining.textContent = leftMs === 0 ? 'now' : `${formatRemaining(leftMs)} left`
  }

  return {
    row,
    tick,
    update(term: string, endsOn: Date | undefined): void {
      if (endsOn?.getTime() !== endsAtMs || endsAtMs === undefined) {
        endsAtMs = endsOn?.getTime()
        lifetimeMs = Math.max(1, (endsAtMs ?? 0) - Date.now())
      }
      const time = endsOn
        ? element('time', { datetime: endsOn.toISOString() }, formatClock(endsOn))
        : 'The next call gets a new one.'
      times.replaceChildren(
        definitions([[term, element('span', { class: 'lifetime' }, time, remaining)], ...facts]),
      )
      remaining.hidden = endsOn === undefined
    },
  }
}
