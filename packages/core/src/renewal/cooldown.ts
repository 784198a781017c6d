import { AuthError, isTransient } from '../errors/errors.ts'
import { formatOf } from '../records/format.ts'
import { pauseRecordKey } from '../records/keys/record-keys.ts'
import type { Collection, RecordStore } from '../records/record-store.ts'
import { instant, shape } from '../records/shape.ts'
import { grantOwnerKey } from '../tokens/token-owner.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import { backoffMs } from './renewal-schedule.ts'

/** The longest pause after a failure without `Retry-After`. */
const LONGEST_WAIT_MS = 10_000
/** Failures that are further apart than this belong to different outages. */
const OUTAGE_MS = 10 * 60_000

/** A pause of requests to a provider that failed. It is stored, so it holds for all tabs and after a reload. */
interface Pause {
  readonly sinceMs: number
  readonly untilMs: number
  /** The number of failures in a row. */
  readonly attempt: number
}

const pauseFormat = formatOf<Pause>(
  1,
  shape<Pause>({ sinceMs: instant, untilMs: instant, attempt: instant }),
)

/**
 * Runs `work` unless the provider failed a moment ago. `Retry-After` pauses all accounts of the provider. Other transient
 * failures pause one account, from the second failure in a row on, unless the caller forces the renewal.
 *
 * During a pause, it throws the last failure again, or AuthError `server_error` with `retryAtMs`.
 */
export function createCooldown(partition: string, store: RecordStore, now: () => number) {
  /** The last failure of this tab. Callers during the pause get the same error. */
  let last: { readonly error: AuthError; readonly untilMs: number } | undefined
  const collection: Collection = 'metadata'

  async function read(key: string): Promise<Pause | undefined> {
    return pauseFormat.read((await store.get(collection, key))?.value)
  }
  // If the clock was set back since, a short pause would become long: ignore the pause.
  const isOn = (pause: Pause | undefined) =>
    pause !== undefined && pause.sinceMs <= now() && now() < pause.untilMs
  const put = (key: string, value: Pause) => {
    const expiresAtMs = value.untilMs + OUTAGE_MS
    const record = { key, tags: [], expiresAtMs, value: pauseFormat.write(value) }
    return { type: 'put', collection, record } as const
  }

  return async function unlessPaused<T>(
    { owner, forceRefresh }: Pick<TokenQuery, 'owner' | 'forceRefresh'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const all = pauseRecordKey(partition, owner.environment)
    const own = pauseRecordKey(partition, grantOwnerKey(owner))
    const [asked, failed] = await Promise.all([read(all), read(own)])
    const pause = isOn(asked) ? asked : !forceRefresh && isOn(failed) && failed
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
      `Not retried until ${new Date(untilMs).toISOString()}: the provider failed a moment ago.`,
      {
        retryAtMs: untilMs,
      },
    )
  }
}
