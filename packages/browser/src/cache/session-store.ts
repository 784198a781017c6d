import {
  createMemoryStore,
  escapeKey,
  isMeant,
  type StoreChange,
  type StoredRecord,
  type TokenStore,
} from '@carnet/core'
import { fromBase64, toBase64 } from './base64.ts'

type Entry = Extract<StoreChange, { type: 'put' }>

/**
 * A store that lives as long as the tab: reads come from memory, writes go through to
 * `sessionStorage`. What is written here must be sealed before.
 */
export function createSessionStore(storage: Storage, name: string): TokenStore {
  const memory = createMemoryStore()
  const prefix = `carnet|${escapeKey(name)}|`
  const keyOf = (collection: string, key: string) => `${prefix}${collection}|${key}`
  const hydrated = hydrate()

  async function hydrate(): Promise<void> {
    const keys = Object.keys(storage).filter((key) => key.startsWith(prefix))
    await memory.write(keys.flatMap((key) => parseEntry(storage.getItem(key)) ?? []))
  }

  function persist(change: StoreChange, gone: readonly StoredRecord[]): void {
    const { collection } = change
    if (change.type === 'put')
      storage.setItem(keyOf(collection, change.record.key), serializeEntry(change))
    else if (change.type === 'delete') storage.removeItem(keyOf(collection, change.key))
    else for (const { key } of gone) storage.removeItem(keyOf(collection, key))
  }

  const snapshot = () =>
    Object.keys(storage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => [key, storage.getItem(key)] as const)

  function restore(before: ReturnType<typeof snapshot>): void {
    for (const [key] of snapshot()) storage.removeItem(key)
    for (const [key, text] of before) if (text !== null) storage.setItem(key, text)
  }

  return {
    async get(collection, key) {
      await hydrated
      return memory.get(collection, key)
    },
    async find(collection, tag) {
      await hydrated
      return memory.find(collection, tag)
    },
    async take(collection, key) {
      await hydrated
      storage.removeItem(keyOf(collection, key))
      return memory.take(collection, key)
    },
    async write(changes, onlyIf) {
      await hydrated
      if (onlyIf && !isMeant(await memory.get(onlyIf.collection, onlyIf.key), onlyIf)) return false
      const before = snapshot()
      const held = new Map(before)
      const next = createMemoryStore()
      await next.write([...held.values()].flatMap((text) => parseEntry(text) ?? []))
      try {
        for (const change of changes) {
          const gone =
            change.type === 'deleteTagged' ? await next.find(change.collection, change.tag) : []
          await next.write([change])
          persist(change, gone)
        }
      } catch (error) {
        restore(before)
        throw error
      }
      await memory.write(changes)
      return true
    },
    async prune(nowMs) {
      await hydrated
      await memory.prune(nowMs)
      for (const key of Object.keys(storage).filter((key) => key.startsWith(prefix))) {
        const entry = parseEntry(storage.getItem(key))
        if (!entry || entry.record.expiresAtMs < nowMs) storage.removeItem(key)
      }
    },
    close() {},
  }
}

/** JSON knows no bytes: they go as base64. */
const serializeEntry = (entry: Entry): string =>
  JSON.stringify(entry, (_name, value: unknown) => {
    if (value instanceof Uint8Array) return { bytes: toBase64(value) }
    if (value instanceof ArrayBuffer) return { buffer: toBase64(new Uint8Array(value)) }
    return value
  })

function parseEntry(text: string | null): Entry | undefined {
  try {
    const entry = JSON.parse(text ?? 'null', (_name, value) => {
      if (typeof value?.bytes === 'string') return fromBase64(value.bytes)
      if (typeof value?.buffer === 'string') return fromBase64(value.buffer).buffer
      return value
    }) as Entry | null
    const { key, tags, expiresAtMs } = entry?.record ?? {}
    const whole =
      entry?.type === 'put' &&
      typeof key === 'string' &&
      Array.isArray(tags) &&
      typeof expiresAtMs === 'number'
    return whole ? entry : undefined
  } catch {
    return undefined
  }
}
