import { callApi, textOf } from './api.ts'

export interface CalendarEvent {
  readonly title: string
  readonly start: Date
  readonly organizer: string
}

export async function fetchCalendar(issuer: string, send: typeof fetch): Promise<CalendarEvent[]> {
  const body = await callApi(`${issuer}/api/calendar/events`, send)
  return Array.isArray(body) ? body.flatMap((item) => parseEvent(item) ?? []) : []
}

function parseEvent(value: unknown): CalendarEvent | undefined {
  const title = textOf(value, 'title')
  const start = new Date(textOf(value, 'start') ?? Number.NaN)
  if (title === undefined || Number.isNaN(start.getTime())) return undefined
  return { title, start, organizer: textOf(value, 'organizer') ?? '' }
}
