import { type Account, AuthError, accountKey } from '@carnet/core/base'
import type { ResumedCall } from '../api/resource-calls.ts'
import type { Parts } from '../engine/open-parts.ts'
import type { Call } from './call.ts'
import { readStoredCall, type StoredCall, storedCallOf } from './stored-call.ts'
import type { CallDeps } from './tokens.ts'

/** The calls that this tab stored before it left: their names are in `sessionStorage`, the sealed calls in the store. */
interface Note {
  readonly id: string
  readonly name: string
  readonly account: string
}

/** Stores the calls that a redirect interrupts, and delivers them after the return. */
export interface Resumables {
  /** Gives the stored calls of this name to the handler. */
  deliver(name: string, handler: (call: ResumedCall) => unknown): Promise<void>
  /** Stores the resumable calls among `calls`. @throws AuthError `resumable_too_large` */
  store(calls: ReadonlySet<Call>, account: Account): Promise<{ forget(): Promise<void> }>
}

/** The default of `interaction.transactionLifetimeMs`, which the redirect has as well. */
const LIFETIME_MS = 3_600_000

/** Creates the resumable calls of a client. */
export function createResumables({ auth, context, loader }: CallDeps): Resumables {
  const { config } = context
  const noteName = `carnet.resumable|${config.group}`
  const keyOf = (id: string) => `${config.partition}|resumable|${id}`
  const store = async () => ((await loader.start()).parts as Parts).context.store
  const lifetimeMs = config.interaction.transactionLifetimeMs ?? LIFETIME_MS

  function notes(): Note[] {
    try {
      const found: unknown = JSON.parse(sessionStorage.getItem(noteName) ?? '[]')
      return Array.isArray(found) ? found.filter(isNote) : []
    } catch {
      return []
    }
  }

  /** Returns false if the browser refuses `sessionStorage`. */
  function keepNotes(next: readonly Note[]): void {
    if (next.length === 0) sessionStorage.removeItem(noteName)
    else sessionStorage.setItem(noteName, JSON.stringify(next))
  }

  async function forget(ids: readonly string[]): Promise<void> {
    keepNotes(notes().filter(({ id }) => !ids.includes(id)))
    const changes = ids.map((id) => ({
      ...({ type: 'delete', collection: 'transactions' } as const),
      key: keyOf(id),
    }))
    await (await store()).write(changes)
  }

  /** Takes a stored call. Of two tabs, only one gets it. */
  async function take(id: string): Promise<StoredCall | undefined> {
    keepNotes(notes().filter((note) => note.id !== id))
    const record = await (await store()).take('transactions', keyOf(id))
    const call = readStoredCall(record?.value)
    return call && config.now() <= call.storedAtMs + lifetimeMs ? call : undefined
  }

  async function deliver(name: string, handler: (call: ResumedCall) => unknown): Promise<void> {
    // Only the user who started the action continues it, and only after a successful return.
    const returned = auth.redirectResult && accountKey(auth.redirectResult.account)
    for (const note of notes().filter((one) => one.name === name)) {
      const call = await take(note.id)
      // The map may have changed with a new version of the app: `auth.fetch` asks it again.
      if (!call || note.account !== returned) continue
      const { url, method, headers, body, idempotencyKey, storedAtMs } = call
      const request = new Request(url, { method, headers, body })
      await handler({ request, idempotencyKey, storedAtMs })
    }
  }

  return {
    deliver,

    async store(calls, account) {
      const ids: string[] = []
      const end = { forget: () => forget(ids) }
      for (const { options, copy } of calls) {
        const name = options.resumable
        if (name === undefined || !copy) continue
        const id = crypto.randomUUID()
        const value = await storedCallOf(copy(), id, config.now())
        if (!value)
          throw new AuthError(
            'resumable_too_large',
            'The call cannot be stored for the redirect: its body is a stream or too large.',
          )
        const expiresAtMs = value.storedAtMs + lifetimeMs
        await (await store()).write([
          {
            ...({ type: 'put', collection: 'transactions' } as const),
            record: { key: keyOf(id), tags: [], expiresAtMs, value },
          },
        ])
        ids.push(id)
        keepNotes([...notes(), { id, name, account: accountKey(account) }])
      }
      return end
    },
  }
}

function isNote(value: unknown): value is Note {
  const { id, name, account } = Object(value) as Partial<Note>
  return [id, name, account].every((text) => typeof text === 'string')
}
