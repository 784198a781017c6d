import { AuthError, isTransient } from '../errors/errors.ts'
import { formatOf } from '../records/format.ts'
import { pauseRecordKey } from '../records/record-keys.ts'
import type { Collection, RecordStore } from '../records/record-store.ts'
import { instant, shape } from '../records/shape.ts'
import { grantOwnerKey } from '../tokens/token-owner.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import { backoffMs } from './renewal-schedule.ts'

/** Nobody who asks waits longer than this for the next try. */
const LONGEST_WAIT_MS = 10_000
/** Failures further apart than this are not the same outage. */
const OUTAGE_MS = 10 * 60_000

/** The store says when a provider that failed is asked again: to all tabs, and after a reload. */
interface Pause {
  readonly sinceMs: number
  readonly untilMs: number
  /** How often it failed in a row. */
  readonly attempt: number
}

const pauseFormat = formatOf<Pause>(
  1,
  shape<Pause>({ sinceMs: instant, untilMs: instant, attempt: instant }),
)

/**
 * Lets `work` ask the provider unless that failed a moment ago. What the provider asks for (`Retry-After`) counts for
 * all accounts; other failures that pass hold up the account alone, from the second in a row on, and not who insists.
 */
export function createPauses(partition: string, store: RecordStore, now: () => number) {
  /** The last failure of this tab: who comes too early hears the same again. */
  let last: { readonly error: AuthError; readonly untilMs: number } | undefined
  const collection: Collection = 'metadata'

  async function read(key: string): Promise<Pause | undefined> {
    return pauseFormat.read((await store.get(collection, key))?.value)
  }
  // A clock that was set back since would make a long pause of a short one.
  const isOn = (pause: Pause | undefined) =>
    pause !== undefined && pause.sinceMs <= now() && now() < pause.untilMs
  const put = (key: string, value: Pause) => {
    const expiresAtMs = value.untilMs + OUTAGE_MS
    const record = { key, tags: [], expiresAtMs, value: pauseFormat.write(value) }
    return { type: 'put', collection, record } as const
  }

  return async function unlessPaused<T>(
    { owner, insists }: Pick<TokenQuery, 'owner' | 'insists'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const all = pauseRecordKey(partition, owner.environment)
    const own = pauseRecordKey(partition, grantOwnerKey(owner))
    const [asked, failed] = await Promise.all([read(all), read(own)])
    const pause = isOn(asked) ? asked : !insists && isOn(failed) && failed
    if (pause) throw failureOf(pause)
    try {
      const done = await work()
      if (asked || failed)
        await store.write([all, own].map((key) => ({ type: 'delete', collection, key })))
      return done
    } catch (error) {
      if (!isTransient(error)) throw error
      const sinceMs = now()
      const { sinceMs: beganMs = 0, untilMs: endedMs = 0, attempt: before = 0 } = failed ?? {}
      const isSame = beganMs <= sinceMs && sinceMs < endedMs + OUTAGE_MS
      const attempt = isSame ? before + 1 : 1
      const waitMs = attempt === 1 ? 0 : backoffMs(attempt - 1, Math.random())
      const untilMs = sinceMs + Math.min(waitMs, LONGEST_WAIT_MS)
      const { retryAtMs } = error
      await store.write([
        put(own, { sinceMs, untilMs, attempt }),
        ...(retryAtMs === undefined ? [] : [put(all, { sinceMs, untilMs: retryAtMs, attempt })]),
      ])
      last = { error, untilMs }
      throw error
    }
  }

  function failureOf({ untilMs }: Pause): AuthError {
    const isLast = last && (last.untilMs === untilMs || last.error.retryAtMs === untilMs)
    if (last && isLast) return last.error
    return new AuthError(
      'server_error',
      'The provider failed, and is left in peace for a moment.',
      {
        retryAtMs: untilMs,
      },
    )
  }
}
