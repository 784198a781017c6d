import { randomUUID } from 'node:crypto'
import { isJsonObject, type Json } from '../model/json.ts'

export interface CalendarEvent {
  readonly id: string
  readonly title: string
  /** ISO 8601. */
  readonly start: string
  readonly organizer: string
}

const HOUR_MS = 60 * 60_000

const titles = ['Stand-up', 'Lunch with the team', 'Quarterly review']

export interface Calendar {
  list(sub: string): CalendarEvent[]
  add(sub: string, input: Json): CalendarEvent
  /** Deletes the added events. */
  clear(): void
}

/** The calendars of all users, in memory. Each starts with three events in the next days. */
export function createCalendar(): Calendar {
  const added = new Map<string, CalendarEvent[]>()
  return {
    list: (sub) => [...firstEvents(sub), ...(added.get(sub) ?? [])],
    add(sub, input) {
      const { title, start } = isJsonObject(input) ? input : {}
      const event = {
        id: randomUUID(),
        title: typeof title === 'string' && title !== '' ? title : 'Untitled',
        start: typeof start === 'string' ? start : new Date().toISOString(),
        organizer: sub,
      }
      added.set(sub, [...(added.get(sub) ?? []), event])
      return event
    },
    clear: () => added.clear(),
  }
}

function firstEvents(sub: string): CalendarEvent[] {
  const tomorrowMs = Math.ceil(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS
  return titles.map((title, day) => ({
    id: `${sub}-${day + 1}`,
    title: `${title} (${sub})`,
    start: new Date(tomorrowMs + day * 24 * HOUR_MS + 9 * HOUR_MS).toISOString(),
    organizer: sub,
  }))
}
