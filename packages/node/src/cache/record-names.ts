import { createHash } from 'node:crypto'

/**
 * The names of records in a shared store. A name has the form `{group}hash`: the keys of records contain ids of users, so the
 * store sees hashes only. All records of one owner have the same group, which is one slot of a Redis Cluster.
 */
export interface RecordNames {
  /** The name for a key, or for a tag. @param key The key of the record, if `text` is one of its tags. */
  nameOf(text: string, key?: string): string
}

/** @param partition The partition of the client, which begins its keys. */
export function createRecordNames(partition: string): RecordNames {
  const prefix = `${partition}|`
  const digest = (text: string) =>
    createHash('sha256').update(prefix).update(text).digest('base64url').slice(0, 22)

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
