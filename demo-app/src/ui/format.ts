const LOCALE = 'en-GB'
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' })
const hours = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short' })
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' })
const month = new Intl.DateTimeFormat(LOCALE, { month: 'short' })

/** `14:03:22`, with the date on other days than today. */
export function formatClock(date: Date): string {
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday
    ? clock.format(date)
    : `${date.getDate()} ${month.format(date)} ${clock.format(date)}`
}

/** The parts of a calendar leaf. */
export const formatDay = (date: Date) => ({
  weekday: weekday.format(date),
  day: String(date.getDate()),
  month: month.format(date),
  time: hours.format(date),
})

/** The rest of a lifetime: `42 s`, `4 min 10 s`, `1 h 59 min`. */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A rounded offset from now: `−30 s`, `+2 min`. */
export function formatSpan(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : '+'
  if (size < MINUTE_MS) return `${sign}${size / 1000} s`
  if (size < HOUR_MS) return `${sign}${size / MINUTE_MS} min`
  return `${sign}${size / HOUR_MS} h`
}

/** A measured duration. Browsers limit the clock resolution, so 0 ms means less than one tick. */
export function formatDuration(ms: number): string {
  if (ms <= 0) return 'under 100 µs'
  if (ms < 1) return `${Math.round(ms * 1000)} µs`
  if (ms < 10) return `${ms.toFixed(1)} ms`
  return ms < 9_950 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`
}
