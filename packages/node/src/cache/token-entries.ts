import type { AccessTokenRecord } from '@carnet/core'

/** A token in memory, as the answer to one question. */
export interface Entry {
  readonly question: string
  readonly record: AccessTokenRecord
  /** The name of its record in the store. */
  readonly name: string | undefined
}

interface Held extends Entry {
  readonly bytes: number
  readonly dueAt: number
}

/** Memory that objects and map entries take, besides the texts. */
const BYTES_PER_ENTRY = 1200
/** Expired tokens are removed in steps of this length. */
const STEP_MS = 1000

/**
 * The tokens in memory by their questions, in the order of their last use, bounded in bytes. Expired tokens are removed when
 * tokens are added.
 *
 * @param onRemoval Receives each removed question, and the owner if no token of the owner is left.
 */
export function createTokenEntries(
  maxBytes: number,
  now: () => number,
  onRemoval: (question: string, lastOf: string | undefined) => void,
) {
  const entries = new Map<string, Held>()
  const byOwner = createIndex()
  const byName = createIndex()
  /** The tokens that expire in one step of time. */
  const due = new Map<number, Set<string>>()
  let bytes = 0
  let sweptAt = Math.floor(now() / STEP_MS)

  function remove(question: string): void {
    const entry = entries.get(question)
    if (!entry) return
    entries.delete(question)
    bytes -= entry.bytes
    const { owner } = entry.record
    const isLast = byOwner.remove(owner, question)
    if (entry.name !== undefined) byName.remove(entry.name, question)
    const step = due.get(entry.dueAt)
    step?.delete(question)
    if (step?.size === 0) due.delete(entry.dueAt)
    onRemoval(question, isLast ? owner : undefined)
  }

  function sweep(): void {
    const step = Math.floor(now() / STEP_MS)
    if (step === sweptAt) return
    sweptAt = step
    for (const [dueAt, ended] of due)
      if (dueAt < step) for (const question of [...ended]) remove(question)
  }

  return {
    byOwner,
    byName,
    remove,
    get: (question: string): Entry | undefined => entries.get(question),
    /** Marks a token as the most recently used. */
    touch(question: string): void {
      const entry = entries.get(question)
      if (!entry || !entries.delete(question)) return
      entries.set(question, entry)
    },
    add({ question, record, name }: Entry): void {
      remove(question)
      sweep()
      const endMs = Math.max(record.expiresAtMs, record.extendedExpiresAtMs ?? 0)
      const dueAt = Math.ceil(endMs / STEP_MS)
      const size = BYTES_PER_ENTRY + 2 * (record.token.length + 3 * question.length)
      entries.set(question, { question, record, name, bytes: size, dueAt })
      bytes += size
      byOwner.add(record.owner, question)
      if (name !== undefined) byName.add(name, question)
      due.set(dueAt, (due.get(dueAt) ?? new Set()).add(question))
      if (bytes <= maxBytes) return
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes || oldest === question) break
        remove(oldest)
      }
    },
    questions: () => [...entries.keys()],
    records: () => [...entries.values()].map((entry) => entry.record),
    size: () => entries.size,
    bytes: () => bytes,
  }
}

/** Finds entries by a second name. */
function createIndex() {
  const sets = new Map<string, Set<string>>()
  return {
    has: (name: string) => sets.has(name),
    of: (name: string): string[] => [...(sets.get(name) ?? [])],
    add: (name: string, entry: string) =>
      void sets.set(name, (sets.get(name) ?? new Set()).add(entry)),
    /** Returns true if the name has no entry left. */
    remove(name: string, entry: string): boolean {
      const set = sets.get(name)
      set?.delete(entry)
      if (set?.size === 0) sets.delete(name)
      return set?.size === 0
    },
  }
}
