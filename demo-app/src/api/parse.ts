export interface CalendarEvent {
  readonly title: string
  readonly start: Date
  readonly organizer: string
}

export interface Message {
  readonly from: string
  readonly subject: string
}

/** Reads the events of the calendar API. Events without a title or a time are left out. */
export const parseEvents = (body: unknown): CalendarEvent[] => listOf(body, parseEvent)

/** Reads the messages of the mail API. Messages without a sender or a subject are left out. */
export const parseMessages = (body: unknown): Message[] => listOf(body, parseMessage)

/** Reads a text field of an untrusted object. Returns `undefined` if there is none. */
export function textOf(value: unknown, field: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const text = (value as Record<string, unknown>)[field]
  return typeof text === 'string' ? text : undefined
}

const listOf = <Item>(body: unknown, parse: (item: unknown) => Item | undefined): Item[] =>
  Array.isArray(body) ? body.flatMap((item) => parse(item) ?? []) : []

function parseEvent(value: unknown): CalendarEvent | undefined {
  const title = textOf(value, 'title')
  const start = new Date(textOf(value, 'start') ?? Number.NaN)
  if (title === undefined || Number.isNaN(start.getTime())) return undefined
  return { title, start, organizer: textOf(value, 'organizer') ?? '' }
}

function parseMessage(value: unknown): Message | undefined {
  const from = textOf(value, 'from')
  const subject = textOf(value, 'subject')
  return from === undefined || subject === undefined ? undefined : { from, subject }
}
