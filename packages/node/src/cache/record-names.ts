import { hash } from 'node:crypto'

/**
 * The names of records in a shared store. A name has the form `{group}hash`: the keys of records contain ids of users, so the
 * store sees hashes only. All records of one owner have the same group, which is one slot of a Redis Cluster.
 */
export interface RecordNames {
  /** The name for a key, or for a tag. @param key The key of the record, if `text` is one of its tags. */
  nameOf(text: string, key?: string): string
}

const MOST_KNOWN = 10_000

/** @param partition The partition of the client, which begins its keys. */
export function createRecordNames(partition: string): RecordNames {
  const prefix = `${partition}|`
  /** The same few names are computed again and again: those of one owner, and of one token. */
  const known = new Map<string, string>()

  function digest(text: string): string {
    const seen = known.get(text)
    if (seen !== undefined) return seen
    const digested = hash('sha256', prefix + text, 'base64url').slice(0, 22)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, digested)
    return digested
  }

  function groupOf(text: string): string | undefined {
    if (!text.startsWith(prefix)) return undefined
    // The id of an app has three parts. All other owners are named by two: `%session|key`, `environment|homeAccountId`.
    let end = prefix.length - 1
    for (let parts = text.startsWith('%app|', prefix.length) ? 3 : 2; parts > 0; parts -= 1) {
      end = text.indexOf('|', end + 1)
      if (end < 0) return text.slice(prefix.length)
    }
    return text.slice(prefix.length, end)
  }

  return {
    nameOf(text, key = text) {
      const group = groupOf(text) ?? groupOf(key) ?? ''
      return `{${digest(group)}}${digest(text)}`
    },
  }
}
