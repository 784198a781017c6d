/** The nonce of a server. It is no secret. */
export interface NonceNote {
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

/**
 * Creates the nonces of a client.
 *
 * @param now The clock of the machine.
 * @param onChange Receives each note that this context made, and whether its nonce is new.
 */
export function createNonceNotes(
  now: () => number,
  onChange: (note: NonceNote, isNew: boolean) => void = () => undefined,
): NonceNotes {
  const notes = new Map<string, NonceNote>()

  function remember(note: NonceNote): void {
    notes.delete(note.origin)
    const [oldest] = notes.keys()
    if (notes.size >= MOST_ORIGINS && oldest !== undefined) notes.delete(oldest)
    notes.set(note.origin, note)
  }

  return {
    current: (url) => notes.get(originOf(url))?.nonce,

    take(url, headers) {
      const nonce = headers.get('DPoP-Nonce')
      const origin = originOf(url)
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
      const note = notes.get(originOf(url))
      return note !== undefined && now() - note.atMs > note.acceptedForMs
    },

    learn(url, ageMs, isAccepted) {
      const before = notes.get(originOf(url))
      if (!before) return
      const acceptedForMs = isAccepted
        ? Math.max(before.acceptedForMs, ageMs)
        : Math.min(before.acceptedForMs, ageMs / 2)
      const note = { ...before, acceptedForMs }
      remember(note)
      onChange(note, false)
    },

    ageMs: (url) => now() - (notes.get(originOf(url))?.atMs ?? 0),
  }
}
