import type { PlannedRenewal } from '@carnet/browser'
import { element } from '../ui/element.ts'
import { formatClock, formatRemaining } from '../ui/format.ts'
import type { Outcome, PastRenewal } from './renewal-journal.ts'
import { markShape } from './timeline.ts'

/** The past renewals, newest first. The list is rendered again only after a new renewal. */
export function createPastList() {
  const list = element('ol', { class: 'renewals', 'aria-labelledby': 'renewal-past-heading' })
  const none = element('p', { class: 'quiet' }, 'None since this page was loaded.')
  let shown: number | undefined

  return {
    nodes: [element('h3', { id: 'renewal-past-heading' }, 'Past renewals'), none, list],
    update(past: readonly PastRenewal[]): void {
      if (past[0]?.number === shown) return
      shown = past[0]?.number
      none.hidden = past.length > 0
      list.replaceChildren(...past.map(pastRow))
    },
  }
}

const pastRow = ({ at, scopes, outcome }: PastRenewal) =>
  element(
    'li',
    {},
    markShape(outcome.kind),
    element('time', { datetime: at.toISOString() }, formatClock(at)),
    element('div', {}, ...wordsOf(outcome, scopes)),
  )

function wordsOf(outcome: Outcome, scopes: readonly string[]) {
  switch (outcome.kind) {
    case 'this tab':
    case 'another tab':
      return [scopesOf(scopes), quiet(`renewed by ${outcome.kind}`)]
    case 'failed':
      return [
        element('code', { class: 'failure' }, outcome.code),
        quiet(
          outcome.nextTryOn
            ? `failed, next try at ${formatClock(outcome.nextTryOn)}`
            : 'failed, retried at the next request for the token',
        ),
      ]
    case 'user needed':
      return [scopesOf(scopes), element('code', {}, outcome.code), quiet('needs the user')]
  }
}

/** The planned renewals with countdowns, next renewal first. */
export function createNextList() {
  const list = element('ul', { class: 'renewals', 'aria-labelledby': 'renewal-next-heading' })
  const none = element(
    'p',
    { class: 'quiet' },
    'None is planned. The app renews a token before it expires, if the token is in use.',
  )
  let shown = ''
  let rows: { planned: PlannedRenewal; words: HTMLElement }[] = []

  return {
    nodes: [element('h3', { id: 'renewal-next-heading' }, 'Next renewals'), none, list],
    update(all: readonly PlannedRenewal[], nowMs: number): void {
      const planned = [...all].sort((a, b) => a.renewOn.getTime() - b.renewOn.getTime())
      const next = JSON.stringify(planned)
      if (next !== shown) {
        shown = next
        none.hidden = planned.length > 0
        rows = planned.map((one) => ({ planned: one, words: quiet('') }))
        list.replaceChildren(...rows.map(nextRow))
      }
      for (const row of rows) row.words.textContent = whenOf(row.planned, nowMs)
    },
  }
}

const nextRow = (row: { planned: PlannedRenewal; words: HTMLElement }) =>
  element(
    'li',
    {},
    markShape('planned'),
    element(
      'time',
      { datetime: row.planned.renewOn.toISOString() },
      formatClock(row.planned.renewOn),
    ),
    element('div', {}, scopesOf(row.planned.scopes), row.words),
  )

/** The state of a planned renewal. A token that was not used since its renewal is not renewed again. */
function whenOf({ renewOn, expiresOn }: PlannedRenewal, nowMs: number): string {
  const waitMs = renewOn.getTime() - nowMs
  if (waitMs > 0) return `in ${formatRemaining(waitMs)}`
  if (!navigator.onLine) return 'due; waits for the network'
  return expiresOn.getTime() > nowMs
    ? 'due; waits for the next use of the token'
    : 'expired; the next request renews it'
}

const scopesOf = (scopes: readonly string[]) =>
  scopes.length > 0 ? element('code', {}, scopes.join(' ')) : quiet('no scopes of an API')

const quiet = (text: string) => element('span', { class: 'quiet' }, text)
