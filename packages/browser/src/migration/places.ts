/** The part of `Storage` that a migration uses. */
export type Place = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

/** The storage of the tab, then the storage of the origin; without a storage that the browser refuses. */
export function webStorage(): Place[] {
  const places: Place[] = []
  for (const name of ['sessionStorage', 'localStorage'] as const)
    try {
      const place: Place | undefined = globalThis[name]
      if (place) places.push(place)
    } catch {
      // The browser refuses it, so it holds nothing.
    }
  return places
}

/** All keys of a storage. */
export const keysOf = (place: Place): string[] =>
  Array.from({ length: place.length }, (_, at) => place.key(at) ?? '')

/** The beginning of the note in web storage about entries that an earlier migration left. */
const NOTE = 'carnet|migrated|'

/** The note of a migration that has moved some of its sessions, and could not move others yet. */
const UNFINISHED = 'unfinished'

/** The entries of an earlier library in one storage. */
export interface OldEntries {
  readonly place: Place
  /** True if an earlier migration moved a part of the sessions. */
  readonly isUnfinished: boolean
  /** Notes that a migration has begun, and that it may move sessions beside accounts of Carnet. */
  begin(): void
  /**
   * Ends a migration. `done`: notes the entries that stay, so that the next page load does not read them again. `again`: the next page
   * load tries again. `unfinished`: it does so beside the accounts that were moved.
   */
  finish(outcome: Outcome): void
}

export type Outcome = 'done' | 'again' | 'unfinished'

/**
 * Finds the storage with entries of an earlier library. It leaves storage out whose entries an earlier migration has seen. It is
 * fast, because each page load calls it.
 *
 * @param name The name of the library and of the client.
 * @param isOurs True for the key of an entry that a migration looks at first.
 */
export function findOldEntries(
  name: string,
  isOurs: (key: string) => boolean,
  places: readonly Place[] = webStorage(),
): OldEntries[] {
  const noteName = NOTE + name
  const digestOf = (place: Place) => {
    const keys = keysOf(place).filter(isOurs).sort()
    return keys.length === 0 ? '' : digest(keys.map((key) => key + place.getItem(key)).join())
  }
  return places
    .filter((place) => {
      const now = digestOf(place)
      return now !== '' && now !== place.getItem(noteName)
    })
    .map((place) => ({
      place,
      isUnfinished: place.getItem(noteName) === UNFINISHED,
      begin: () => place.setItem(noteName, UNFINISHED),
      finish(outcome) {
        const rest = { done: digestOf(place), again: '', unfinished: UNFINISHED }[outcome]
        if (rest === '') place.removeItem(noteName)
        else place.setItem(noteName, rest)
      },
    }))
}

/** A short digest of a text: it recognizes a change, and protects nothing (FNV-1a). */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return `${text.length}-${hash.toString(36)}`
}
