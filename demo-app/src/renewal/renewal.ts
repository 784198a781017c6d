import type { Account, AuthClient, PlannedRenewal } from '@carnet/browser'
import { element } from '../ui/element.ts'
import { createFollowing } from '../ui/following.ts'
import { section } from '../ui/section.ts'
import type { Ticker } from '../ui/ticker.ts'
import { createForecast } from './forecast.ts'
import type { PastRenewal, RenewalJournal } from './renewal-journal.ts'
import { createNextList, createPastList } from './renewal-lists.ts'
import { createTimeline, type Mark } from './timeline.ts'

/** Shows the past and planned renewals, and the end of silent renewal. */
export function createRenewal(deps: {
  auth: AuthClient
  account: Account
  journal: RenewalJournal
  ticker: Ticker
  /** Signs in again, which extends silent renewal. Handles its own failures. */
  renewSession: () => Promise<void>
}) {
  const { auth, account, journal, ticker, renewSession } = deps
  const timeline = createTimeline()
  const next = createNextList()
  const past = createPastList()
  const forecast = createForecast({ auth, account, journal, renewSession })
  const { region, heading } = section(
    'renewal',
    'Renewal',
    timeline.drawing,
    forecast.words,
    forecast.notice,
    element(
      'div',
      { class: 'renewal-lists' },
      element('div', {}, ...next.nodes),
      element('div', {}, ...past.nodes),
    ),
  )

  function draw(nowMs: number): void {
    forecast.tick(nowMs)
    const planned = auth.renewals.filter((one) => one.account.id === account.id)
    const gone = journal.pastOf(account)
    next.update(planned, nowMs)
    past.update(gone)
    const ends = planned.map(({ expiresOn }) => expiresOn.getTime()).filter((end) => end > nowMs)
    const isMoving = timeline.draw(
      marksOf(gone, planned),
      ends.length > 0 ? Math.min(...ends) : nowMs,
      nowMs,
    )
    clock.needed(isMoving || planned.length > 0)
  }
  const clock = createFollowing(ticker, draw)

  function look(): void {
    draw(Date.now())
    // The next renewal is planned shortly after the token event, so keep the clock running.
    clock.needed(true)
    forecast.read()
  }
  look()

  return {
    region,
    heading,
    look,
    close(): void {
      clock.needed(false)
      forecast.close()
    },
  }
}

const marksOf = (past: readonly PastRenewal[], planned: readonly PlannedRenewal[]): Mark[] => [
  ...past.map(({ number, at, outcome }) => ({
    key: `past ${number}`,
    kind: outcome.kind,
    atMs: at.getTime(),
  })),
  ...planned.map(({ renewOn }, index) => ({
    key: `planned ${index}`,
    kind: 'planned' as const,
    atMs: renewOn.getTime(),
  })),
]
