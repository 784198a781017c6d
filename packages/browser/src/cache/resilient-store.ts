import { createMemoryStore, type TokenStore } from '@carnet/core'

/**
 * A store that never rejects: what was read or written stays in memory beside it, and when storage
 * fails the client goes on from there. `onDegraded` is told once.
 */
export function createResilientStore(
  inner: TokenStore,
  onDegraded: (cause: unknown) => void,
): TokenStore & { degrade(cause: unknown): void } {
  const memory = createMemoryStore()
  let degraded = false

  function degrade(cause: unknown): void {
    if (degraded) return
    degraded = true
    onDegraded(cause)
  }

  async function attempt<T>(work: () => Promise<T>, fallback: () => Promise<T>): Promise<T> {
    if (degraded) return fallback()
    try {
      return await work()
    } catch (cause) {
      degrade(cause)
      return fallback()
    }
  }

  return {
    degrade,
    get: (collection, key) =>
      attempt(
        async () => {
          const record = await inner.get(collection, key)
          await memory.write([
            record ? { type: 'put', collection, record } : { type: 'delete', collection, key },
          ])
          return record
        },
        () => memory.get(collection, key),
      ),
    find: (collection, tag) =>
      attempt(
        async () => {
          const records = await inner.find(collection, tag)
          await memory.write([
            { type: 'deleteTagged', collection, tag },
            ...records.map((record) => ({ type: 'put', collection, record }) as const),
          ])
          return records
        },
        () => memory.find(collection, tag),
      ),
    async take(collection, key) {
      const inMemory = memory.take(collection, key)
      return attempt(
        () => inner.take(collection, key),
        () => inMemory,
      )
    },
    async write(changes, onlyIf) {
      return attempt(
        async () => {
          const applied = await inner.write(changes, onlyIf)
          if (applied) await memory.write(changes)
          return applied
        },
        () => memory.write(changes, onlyIf),
      )
    },
    async prune(nowMs) {
      await memory.prune(nowMs)
      await attempt(
        () => inner.prune(nowMs),
        async () => undefined,
      )
    },
    close: () => inner.close(),
  }
}
