import type { Account, AuthClient, Forecast } from '@carnet/browser'
import { element } from '../element.ts'
import { createFollowing } from '../following.ts'
import { forecastWords } from '../forecast-words.ts'
import { formatClock } from '../format.ts'
import { createLatest } from '../latest.ts'
import type { RenewalJournal } from '../renewal-journal.ts'
import type { Ticker } from '../ticker.ts'
import { repeatableButton } from './button.ts'
import { createNextList, createPastList } from './renewal-lists.ts'
import { section } from './section.ts'
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
  const forecast = element('p')
  const notice = element('div', { class: 'expected', role: 'status' })
  /** The instant for the next read of the forecast, because its end fires no event. */
  let forecastEndMs: number | undefined
  let shownEndMs: number | undefined
  const { region, heading } = section(
    'renewal',
    'Renewal',
    timeline.drawing,
    forecast,
    notice,
    element(
      'div',
      { class: 'renewal-lists' },
      element('div', {}, ...next.nodes),
      element('div', {}, ...past.nodes),
    ),
  )

  const readForecast = createLatest(
    () => auth.forecast(account),
    (answer) => {
      const nowMs = Date.now()
      const endMs = answer.silentUntil?.getTime()
      forecast.textContent = forecastWords(answer, nowMs)
      forecastEndMs = endMs !== undefined && endMs > nowMs ? endMs : undefined
      showExpected(answer)
    },
  )

  /** Shows the announced end of silent renewal, until the session is renewed. */
  function showExpected({ silentUntil }: Forecast): void {
    const told = journal.expectedEndOf(account)
    const end = told?.getTime() === silentUntil?.getTime() ? told : undefined
    if (end?.getTime() === shownEndMs) return
    shownEndMs = end?.getTime()
    notice.replaceChildren(...(end ? [expectedNotice(end)] : []))
  }

  const expectedNotice = (end: Date) =>
    element(
      'div',
      { class: 'notice' },
      element('p', {}, `After ${formatClock(end)} you will have to sign in again.`),
      element('div', { class: 'actions' }, repeatableButton('Renew the session', renewSession)),
    )

  function draw(nowMs: number): void {
    if (forecastEndMs !== undefined && nowMs >= forecastEndMs) {
      forecastEndMs = undefined
      readForecast()
    }
    const planned = auth.renewals.filter((one) => one.account.id === account.id)
    const gone = journal.pastOf(account)
    next.update(planned, nowMs)
    past.update(gone)
    const marks: Mark[] = [
      ...gone.map(({ number, at, outcome }) => ({
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
    const ends = planned.map(({ expiresOn }) => expiresOn.getTime()).filter((end) => end > nowMs)
    const isMoving = timeline.draw(marks, ends.length > 0 ? Math.min(...ends) : nowMs, nowMs)
    clock.needed(isMoving || planned.length > 0)
  }
  const clock = createFollowing(ticker, draw)

  function look(): void {
    draw(Date.now())
    // The next renewal is planned shortly after the token event, so keep the clock running.
    clock.needed(true)
    readForecast()
  }
  look()

  return {
    region,
    heading,
    look,
    close(): void {
      clock.needed(false)
      readForecast.close()
    },
  }
}
