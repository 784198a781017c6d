/** The nonce of a server. It is no secret. */
export interface NonceNote {
  /** The origin of an authorization server, or the name of the APIs on an origin. */
  readonly origin: string
  readonly nonce: string
  /** When the nonce arrived, by the clock of the machine. */
  readonly atMs: number
  /** The greatest age at which the server accepted a nonce. */
  readonly acceptedForMs: number
}

/** The nonces of all servers (RFC 9449 sections 8 and 9), in memory. */
export interface NonceNotes {
  current(url: string): string | undefined
  /** Takes the nonce of an answer, also of an error. Returns true if the nonce is new. */
  take(url: string, headers: Headers): boolean
  /** Takes the nonce that another context received, if it is newer. */
  hear(note: NonceNote): void
  /** True if the server wants nonces, and the nonce is older than any nonce that the server accepted. */
  isDoubtful(url: string): boolean
  /** Learns whether the server accepted a nonce of this age. */
  learn(url: string, ageMs: number, isAccepted: boolean): void
  /** The age of the nonce, in milliseconds. */
  ageMs(url: string): number
}

/** Every server accepts a nonce that it has just sent. */
const CERTAINLY_GOOD_MS = 500
const MOST_ORIGINS = 100

const originOf = (url: string) => new URL(url).origin
const API = 'api '

/** Names the APIs on the origin of a URL. Their nonces are not for an authorization server on the same origin. */
export const apisAt = (url: string): string => API + originOf(url)

/** True if a note is about APIs. */
export const isOfApis = ({ origin }: Pick<NonceNote, 'origin'>): boolean => origin.startsWith(API)

/**
 * Creates the nonces of a client, for authorization servers or for APIs.
 *
 * @param now The clock of the machine.
 * @param onChange Receives each note that this context made, and whether its nonce is new.
 * @param nameOf Names the server of a URL. Default: the origin of an authorization server.
 */
export function createNonceNotes(
  now: () => number,
  onChange: (note: NonceNote, isNew: boolean) => void = () => undefined,
  nameOf: (url: string) => string = originOf,
): NonceNotes {
  const notes = new Map<string, NonceNote>()

  function remember(note: NonceNote): void {
    notes.delete(note.origin)
    const [oldest] = notes.keys()
    if (notes.size >= MOST_ORIGINS && oldest !== undefined) notes.delete(oldest)
    notes.set(note.origin, note)
  }

  return {
    current: (url) => notes.get(nameOf(url))?.nonce,

    take(url, headers) {
      const nonce = headers.get('DPoP-Nonce')
      const origin = nameOf(url)
      const before = notes.get(origin)
      if (nonce === null || nonce === '' || nonce === before?.nonce) return false
      const acceptedForMs = before?.acceptedForMs ?? CERTAINLY_GOOD_MS
      const note = { origin, nonce, atMs: now(), acceptedForMs }
      remember(note)
      onChange(note, true)
      return true
    },

    hear(note) {
      if (note.atMs > (notes.get(note.origin)?.atMs ?? 0)) remember(note)
    },

    isDoubtful(url) {
      const note = notes.get(nameOf(url))
      return note !== undefined && now() - note.atMs > note.acceptedForMs
    },

    learn(url, ageMs, isAccepted) {
      const before = notes.get(nameOf(url))
      if (!before) return
      const acceptedForMs = isAccepted
        ? Math.max(before.acceptedForMs, ageMs)
        : Math.min(before.acceptedForMs, ageMs / 2)
      const note = { ...before, acceptedForMs }
      remember(note)
      onChange(note, false)
    },

    ageMs: (url) => now() - (notes.get(nameOf(url))?.atMs ?? 0),
  }
}
