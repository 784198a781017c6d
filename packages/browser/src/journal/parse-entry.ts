import { instant, of, optional, shape, text } from '@carnet/core/records'
import type { JournalAnswer, JournalEntry } from './entry.ts'

const parseAnswer = shape<JournalAnswer>({
  status: (value) => value === 200,
  headers: (value) => Array.isArray(value) && value.every((pair) => Array.isArray(pair)),
  body: text,
  atMs: instant,
})

const entryShape = shape<JournalEntry>({
  request: optional(text),
  sentAtMs: optional(instant),
  deadlineMs: optional(instant),
  answer: optional(of(parseAnswer)),
  signIn: optional(
    of(
      shape<NonNullable<JournalEntry['signIn']>, 'transaction'>({ response: text, atMs: instant }),
    ),
  ),
})

/** Parses an entry of the journal. */
export const parseEntry = (value: unknown): JournalEntry | undefined => entryShape(value)
