import { createHash } from 'node:crypto'

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
    const hash = createHash('sha256').update(prefix).update(text).digest('base64url').slice(0, 22)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, hash)
    return hash
  }

  function groupOf(text: string): string | undefined {
    if (!text.startsWith(prefix)) return undefined
    const parts = text.slice(prefix.length).split('|')
    // The id of an app has three parts. All other owners are named by two: `%session|key`, `environment|homeAccountId`.
    return parts.slice(0, parts[0] === '%app' ? 3 : 2).join('|')
  }

  return {
    nameOf(text, key = text) {
      const group = groupOf(text) ?? groupOf(key) ?? ''
      return `{${digest(group)}}${digest(text)}`
    },
  }
}
