import type { CacheConfig } from '../api/config.ts'

/** An answer of the token endpoint, as it arrived. */
export interface JournalAnswer {
  readonly status: number
  readonly headers: [name: string, value: string][]
  readonly body: string
  /** When the answer arrived, by the clock of the machine. */
  readonly atMs: number
}

/** One redemption in the journal. Instants are by the clock of the machine: pages of one browser may use other clocks. */
export interface JournalEntry {
  /** The digest of the request without its credential: an answer serves only the same request. */
  readonly request?: string
  /** When the request was sent. Without `deadlineMs`: when tokens replaced the credential in the store. */
  readonly sentAtMs?: number
  /** After this instant no answer will be written. */
  readonly deadlineMs?: number
  readonly answer?: JournalAnswer
  /** The data with which another page finishes a sign-in, if the credential is an authorization code. */
  readonly signIn?: {
    /** The `Transaction`. */
    readonly transaction: unknown
    /** The parameters of the authorization response. */
    readonly response: string
    /** When the response arrived. */
    readonly atMs: number
  }
}

/** The place of an entry: the database of the cache, and the `journalRecordKey`. */
export interface EntryPlace {
  readonly database: string
  readonly key: string
  /** The entry is pruned after this time. */
  readonly keptForMs: number
}

/** The collection with the journal: it is sealed, and every location of tokens keeps it in IndexedDB. */
export const JOURNAL = 'transactions'

type Cache = Pick<CacheConfig, 'location' | 'store'>

/** True if the next page can use an answer: with `location: 'memory'` all tokens end with the page. */
export const hasJournal = ({ location, store }: Cache): boolean =>
  location !== 'memory' || store !== undefined

/** True if the tokens may belong to one tab only. */
export const isOfOneTab = ({ location, store }: Cache): boolean =>
  location === 'session' || store !== undefined

/** The time until an entry is pruned. The refresh token in its answer may live as long, unless it ends with its tab. */
export const keptForMsOf = (cache: Cache): number => (isOfOneTab(cache) ? 1 : 30) * 24 * 3_600_000

/** The name of the Web Lock that the context holds while it sends the request of an entry, and until the answer is written. */
export const flightLockOf = (key: string): string => `carnet.flight|${key}`
