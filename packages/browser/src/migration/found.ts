import type { Account } from '@carnet/core'
import type { ImportedSession } from '../api/imported-session.ts'
import type { EarlierUser, SkippedEntry } from '../api/migration.ts'

/** A session of an earlier library. */
export interface FoundSession {
  /** The key of the entry with the ID token. It names the session in the report. */
  readonly key: string
  readonly session: ImportedSession
  /** The claims of the ID token, not validated. */
  readonly claims: Readonly<Record<string, unknown>>
  readonly wasActive: boolean
  readonly user?: EarlierUser | undefined
  /** Removes the entries of the session. */
  remove(): void
}

/** The old entries of a client. */
export interface Found {
  /** In the order in which they are moved: the first becomes active. */
  readonly sessions: readonly FoundSession[]
  readonly skipped: readonly SkippedEntry[]
  /** Removes sign-ins that are under way, and entries that nobody can read. */
  removeRest(): void
}

/** True if the session belongs to an account of Carnet. */
export const isSameUser = ({ claims }: FoundSession, { idTokenClaims }: Account): boolean =>
  ['iss', 'sub'].every((name) => claims[name] === idTokenClaims[name])

/** An access token with less than this is not moved. */
export const SHORTEST_REST_MS = 60_000

/** The longest entry that is read. Tokens with many groups have some kilobytes. */
const LONGEST_ENTRY = 100_000

/** Parses the text of an entry; `undefined` for a text that is no JSON object, or too long. */
export function parseEntry(text: string | null): Record<string, unknown> | undefined {
  if (text === null || text.length > LONGEST_ENTRY) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** Splits a text with scopes (RFC 6749 section 3.3). */
export const scopesOf = (text: unknown): string[] =>
  typeof text === 'string' ? [...new Set(text.split(' ').filter(Boolean))] : []
