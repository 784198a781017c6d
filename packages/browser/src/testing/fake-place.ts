import type { Place } from '../migration/places.ts'

/** Web storage for tests. */
export function fakePlace(texts: Readonly<Record<string, string>> = {}) {
  const entries = new Map(Object.entries(texts))
  const place: Place & { keys(): string[] } = {
    get length() {
      return entries.size
    },
    key: (at) => [...entries.keys()][at] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, text) => void entries.set(key, text),
    removeItem: (key) => void entries.delete(key),
    keys: () => [...entries.keys()].sort(),
  }
  return place
}
