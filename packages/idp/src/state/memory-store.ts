import type { Adapter, AdapterPayload } from '../vendor/oidc-provider.ts'

/** The storage of oidc-provider: sessions, grants, codes and tokens, by the name of the model. */
export interface MemoryStore {
  adapter(model: string): Adapter
  /** Removes all entries that match. @returns The number of removed entries. */
  remove(model: string, matches: (payload: AdapterPayload) => boolean): number
  clear(): void
}

interface Entry {
  readonly payload: AdapterPayload
  readonly expiresAtMs: number
  readonly consumedAtMs?: number
}

/**
 * A separate store per provider, because the store of oidc-provider is shared by the whole process.
 *
 * @param graceSeconds A rotated refresh token still works for this time: the answer with the next one may have been lost.
 */
export function createMemoryStore(graceSeconds: () => number): MemoryStore {
  const models = new Map<string, Map<string, Entry>>()

  const entriesOf = (model: string): Map<string, Entry> => {
    const entries = models.get(model) ?? new Map<string, Entry>()
    models.set(model, entries)
    return entries
  }

  const remove: MemoryStore['remove'] = (model, matches) => {
    const entries = entriesOf(model)
    const before = entries.size
    for (const [id, { payload }] of entries) if (matches(payload)) entries.delete(id)
    return before - entries.size
  }

  return {
    adapter: (model) =>
      createAdapter(
        entriesOf(model),
        (matches) => remove(model, matches),
        model === 'RefreshToken' ? graceSeconds : () => 0,
      ),
    remove,
    clear() {
      // The adapters keep references to these maps, so they must be emptied and not replaced.
      for (const entries of models.values()) entries.clear()
    },
  }
}

function createAdapter(
  entries: Map<string, Entry>,
  remove: (matches: (payload: AdapterPayload) => boolean) => number,
  graceSeconds: () => number,
): Adapter {
  /** oidc-provider takes a token with `consumed` for a replay. */
  function asSeen({ payload, consumedAtMs }: Entry): AdapterPayload {
    if (consumedAtMs === undefined || Date.now() >= consumedAtMs + graceSeconds() * 1000)
      return payload
    const { consumed, ...fresh } = payload
    return fresh
  }

  const findBy = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
    const nowMs = Date.now()
    for (const [id, entry] of entries) if (entry.expiresAtMs <= nowMs) entries.delete(id)
    return [...entries.values()].find(({ payload }) => matches(payload))?.payload
  }

  return {
    async upsert(id, payload, expiresIn) {
      const expiresAtMs = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000
      entries.set(id, { payload, expiresAtMs })
    },
    async find(id) {
      const entry = entries.get(id)
      return entry && entry.expiresAtMs > Date.now() ? asSeen(entry) : undefined
    },
    findByUid: async (uid) => findBy((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
    async consume(id) {
      const entry = entries.get(id)
      if (!entry) return
      const consumedAtMs = entry.consumedAtMs ?? Date.now()
      const payload = { ...entry.payload, consumed: Math.floor(consumedAtMs / 1000) }
      entries.set(id, { ...entry, payload, consumedAtMs })
    },
    async destroy(id) {
      entries.delete(id)
    },
    async revokeByGrantId(grantId) {
      remove((payload) => payload.grantId === grantId)
    },
  }
}
