import {
  type Collection,
  createMemoryStore,
  matches,
  type RecordStore,
  type StoreChange,
  type StoredRecord,
  sessionRecordPrefix,
} from '@carnet/core'
import { type Guard, of, oneOf, shape, text, texts } from '@carnet/core/records'
import { fromBase64, toBase64 } from './base64.ts'

type Entry = Extract<StoreChange, { type: 'put' }>

/** Removes every record of a collection from the tab's storage. */
export function dropCollection(storage: Storage, name: string, collection: Collection): void {
  const prefix = sessionRecordPrefix(name, collection)
  for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key)
}

/**
 * Creates a store in `sessionStorage`, which ends with the tab. An iframe, or the next page of the tab, writes to the same
 * storage, so each read checks the storage. Values must be sealed before they are written here.
 *
 * @param ready Resolves when the storage may be read; see `TabClaim`.
 */
export function createSessionStore(
  storage: Storage,
  name: string,
  ready: () => Promise<void> = async () => undefined,
): RecordStore {
  const prefix = sessionRecordPrefix(name)
  const keyOf = (collection: string, key: string) => sessionRecordPrefix(name, collection) + key
  let memory = createMemoryStore()
  /** The texts that `memory` was made from. */
  let read = ''

  async function current(): Promise<RecordStore> {
    await ready()
    const entries = snapshot()
    const texts = JSON.stringify(entries)
    if (texts === read) return memory
    const next = createMemoryStore()
    await next.write(entries.flatMap(([, text]) => parseEntry(text) ?? []))
    memory = next
    read = texts
    return next
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
      return (await current()).get(collection, key)
    },
    async find(collection, tag) {
      return (await current()).find(collection, tag)
    },
    async take(collection, key) {
      await ready()
      const text = storage.getItem(keyOf(collection, key))
      storage.removeItem(keyOf(collection, key))
      return parseEntry(text)?.record
    },
    async write(changes, onlyIf) {
      const known = await current()
      if (onlyIf && !matches(await known.get(onlyIf.collection, onlyIf.key), onlyIf)) return false
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
      return true
    },
    async prune(nowMs) {
      await ready()
      for (const key of Object.keys(storage).filter((key) => key.startsWith(prefix))) {
        const entry = parseEntry(storage.getItem(key))
        if (!entry || entry.record.expiresAtMs < nowMs) storage.removeItem(key)
      }
    },
    close() {},
  }
}

/** JSON has no bytes: they are written as base64. */
const serializeEntry = (entry: Entry): string =>
  JSON.stringify(entry, (_name, value: unknown) => {
    if (value instanceof Uint8Array) return { bytes: toBase64(value) }
    if (value instanceof ArrayBuffer) return { buffer: toBase64(new Uint8Array(value)) }
    return value
  })

/** `Number.MAX_SAFE_INTEGER` stands for never. */
const anyNumber: Guard = (value) => typeof value === 'number'

const entryOf = shape<Entry>({
  type: oneOf('put'),
  collection: text,
  record: of(shape<StoredRecord, 'value'>({ key: text, tags: texts, expiresAtMs: anyNumber })),
})

function parseEntry(entryText: string | null): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(entryText ?? 'null', (_name, value) => {
      if (typeof value?.bytes === 'string') return fromBase64(value.bytes)
      if (typeof value?.buffer === 'string') return fromBase64(value.buffer).buffer
      return value
    })
    return entryOf(entry)
  } catch {
    return undefined
  }
}
