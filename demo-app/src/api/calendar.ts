import { callApi } from './api.ts'
import { type CalendarEvent, parseEvents } from './parse.ts'

export const fetchCalendar = async (issuer: string, send: typeof fetch): Promise<CalendarEvent[]> =>
  parseEvents(await callApi(`${issuer}/api/calendar/events`, send))
