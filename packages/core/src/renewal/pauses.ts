import { type Account, refreshTokenKey } from '../accounts/account.ts'
import { isPassing } from '../acquire-token-silent.ts'
import { AuthError } from '../errors.ts'
import { asObject } from '../json.ts'
import type { Collection, TokenStore } from '../tokens/token-store.ts'
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

/**
 * Lets `work` ask the provider unless that failed a moment ago. What the provider asks for (`Retry-After`) counts for
 * all accounts; other failures that pass hold up the account alone, from the second in a row on, and not who insists.
 */
export function createPauses(clientId: string, store: TokenStore, now: () => number) {
  /** The last failure of this tab: who comes too early hears the same again. */
  let last: { readonly error: AuthError; readonly untilMs: number } | undefined
  const collection: Collection = 'metadata'

  async function read(key: string): Promise<Pause | undefined> {
    const { sinceMs, untilMs, attempt } = asObject((await store.get(collection, key))?.value) ?? {}
    return typeof sinceMs === 'number' && typeof untilMs === 'number' && typeof attempt === 'number'
      ? { sinceMs, untilMs, attempt }
      : undefined
  }
  // A clock that was set back since would make a long pause of a short one.
  const isOn = (pause: Pause | undefined) =>
    pause && pause.sinceMs <= now() && now() < pause.untilMs ? pause : undefined
  const put = (key: string, value: Pause) => {
    const record = { key, tags: [], expiresAtMs: value.untilMs + OUTAGE_MS, value }
    return { type: 'put', collection, record } as const
  }

  return async function unlessPaused<T>(
    account: Account,
    insists: boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    const allKey = `pause|${clientId}|${account.environment}`
    const ownKey = `pause|${clientId}|${refreshTokenKey(account)}`
    const [all, own] = await Promise.all([read(allKey), read(ownKey)])
    const pause = isOn(all) ?? (insists ? undefined : isOn(own))
    if (pause)
      throw (
        (last && [last.untilMs, last.error.retryAtMs].includes(pause.untilMs) && last.error) ||
        new AuthError('server_error', 'The provider failed, and is left in peace for a moment.', {
          retryAtMs: pause.untilMs,
        })
      )
    try {
      const done = await work()
      const keys = [...(all ? [allKey] : []), ...(own ? [ownKey] : [])]
      await store.write(keys.map((key) => ({ type: 'delete', collection, key })))
      return done
    } catch (error) {
      if (!isPassing(error)) throw error
      const sinceMs = now()
      const isSame = own && own.sinceMs <= sinceMs && sinceMs < own.untilMs + OUTAGE_MS
      const attempt = isSame ? own.attempt + 1 : 1
      const waitMs = attempt === 1 ? 0 : backoffMs(attempt - 1, Math.random())
      const untilMs = sinceMs + Math.min(waitMs, LONGEST_WAIT_MS)
      const { retryAtMs } = error
      await store.write([
        put(ownKey, { sinceMs, untilMs, attempt }),
        ...(retryAtMs === undefined ? [] : [put(allKey, { sinceMs, untilMs: retryAtMs, attempt })]),
      ])
      last = { error, untilMs }
      throw error
    }
  }
}
