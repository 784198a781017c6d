import type { Account, AuthClient, Forecast } from '@carnet/browser'
import { repeatableButton } from '../ui/button.ts'
import { element } from '../ui/element.ts'
import { formatClock } from '../ui/format.ts'
import { createLatest } from '../ui/latest.ts'
import { forecastWords } from './forecast-words.ts'
import type { RenewalJournal } from './renewal-journal.ts'

/** Shows the forecast of the end of silent renewal, and a notice if the client announced the end. */
export function createForecast(deps: {
  auth: AuthClient
  account: Account
  journal: RenewalJournal
  renewSession: () => Promise<void>
}) {
  const { auth, account, journal, renewSession } = deps
  const words = element('p')
  const notice = element('div', { class: 'expected', role: 'status' })
  /** The instant for the next read of the forecast, because its end fires no event. */
  let endMs: number | undefined
  let shownEndMs: number | undefined

  const read = createLatest(
    () => auth.forecast(account),
    (forecast) => {
      const nowMs = Date.now()
      const silentUntilMs = forecast.silentUntil?.getTime()
      words.textContent = forecastWords(forecast, nowMs)
      endMs = silentUntilMs !== undefined && silentUntilMs > nowMs ? silentUntilMs : undefined
      showExpected(forecast)
    },
  )

  /** Shows the announced end of silent renewal, until the session is renewed. */
  function showExpected({ silentUntil }: Forecast): void {
    const told = journal.expectedEndOf(account)
    const end = told?.getTime() === silentUntil?.getTime() ? told : undefined
    if (end?.getTime() === shownEndMs) return
    shownEndMs = end?.getTime()
    notice.replaceChildren(...(end ? [expectedNotice(end, renewSession)] : []))
  }

  return {
    words,
    notice,
    read,
    /** Reads the forecast again when it has ended. */
    tick(nowMs: number): void {
      if (endMs === undefined || nowMs < endMs) return
      endMs = undefined
      read()
    },
    close: read.close,
  }
}

const expectedNotice = (end: Date, renewSession: () => Promise<void>) =>
  element(
    'div',
    { class: 'notice' },
    element('p', {}, `After ${formatClock(end)} you must sign in again.`),
    element('div', { class: 'actions' }, repeatableButton('Renew the session', renewSession)),
  )
