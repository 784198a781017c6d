import {
  type AccessTokenRecord,
  type Account,
  AuthError,
  accountKey,
  arrivedAtMs,
  backoffMs,
  isPassing,
  renewalAtMs,
  type SilentAnswer,
  type TokenQuery,
} from '@carnet/core'
import type { Events } from './announce.ts'
import type { Runtime } from './runtime.ts'

/** No timer is trusted for longer: laptops sleep, clocks jump, hidden tabs are throttled. */
const LONGEST_SLEEP_MS = 60_000

/** A renewal that is due at some time, if the token is used until then. */
export interface PlannedRenewal {
  readonly account: Account
  readonly resource: string
  readonly scopes: readonly string[]
  readonly renewOn: Date
  readonly expiresOn: Date
  /** Asked for since it came: what nobody asks for until then is not renewed. */
  readonly used: boolean
}

interface Watched {
  readonly query: TokenQuery
  readonly record: AccessTokenRecord
  dueAtMs: number
  /** Asked for since it came: what nobody asks for is not renewed. */
  used: boolean
  failures: number
  running: boolean
}

export type Renewer = ReturnType<typeof createRenewer>

/**
 * Renews every token that is used before it expires, so that no caller waits. Which tab does it is decided by
 * the refresh lock: the others find the new token in the store.
 */
export function createRenewer(
  runtime: Runtime,
  events: Events,
  renew: (query: TokenQuery, newerThanMs: number) => Promise<SilentAnswer>,
) {
  const { config, platform, accounts, page } = runtime
  const leadMs = config.renewal.leadTime * 1000
  const watched = new Map<string, Watched>()
  const byRecord = new WeakMap<AccessTokenRecord, Watched>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false
  const stopListening = config.renewal.enabled ? page.onWake(check) : () => undefined

  /** Notes that a token was handed out. Called for every answer: it must cost next to nothing. */
  function used(query: TokenQuery, record: AccessTokenRecord): void {
    const known = byRecord.get(record) ?? heldAs(query, record)
    if (known?.used && platform.now() < known.dueAtMs) return
    if (known) known.used = true
    else if (config.renewal.enabled && !closed && query.claims === undefined) watch(query, record)
    else return
    plan()
  }

  /** The same token read anew is no other token. */
  function heldAs(query: TokenQuery, record: AccessTokenRecord): Watched | undefined {
    const held = watched.get(keyOf(query))
    if (held?.record.token !== record.token) return undefined
    byRecord.set(record, held)
    return held
  }

  function watch(query: TokenQuery, record: AccessTokenRecord): Watched {
    const dueAtMs = renewalAtMs(record, leadMs, Math.random())
    const fresh: Watched = { query, record, dueAtMs, used: true, failures: 0, running: false }
    watched.set(keyOf(query), fresh)
    byRecord.set(record, fresh)
    return fresh
  }

  /** Does what is due, by the clock on the wall, and sleeps until the next is. */
  function check(): void {
    const nowMs = platform.now()
    for (const [key, token] of watched) {
      const isOver = !token.used && nowMs >= token.record.expiresAtMs
      if (isOver || !accounts.record(token.query.account)) watched.delete(key)
      else if (token.used && !token.running && nowMs >= token.dueAtMs && page.isOnline())
        void renewOne(key, token)
    }
    plan()
  }

  function plan(): void {
    clearTimeout(timer)
    timer = undefined
    const due = [...watched.values()].filter(({ running, used }) => used && !running)
    if (closed || due.length === 0) return
    const nextMs = Math.min(...due.map(({ dueAtMs }) => dueAtMs))
    const waitMs = nextMs - platform.now()
    // Offline, only `online` helps; the long look stays, for browsers that do not tell.
    const sleepMs = page.isOnline() ? Math.max(0, waitMs) : LONGEST_SLEEP_MS
    timer = setTimeout(check, Math.min(sleepMs, LONGEST_SLEEP_MS))
  }

  async function renewOne(key: string, token: Watched): Promise<void> {
    token.running = true
    try {
      const { record } = await renew(token.query, arrivedAtMs(token.record))
      if (watched.get(key) !== token) return
      // The same token again: it serves beyond its time, and the next try must wait.
      if (record.token === token.record.token) return postpone(token, undefined)
      watch(token.query, record).used = false
    } catch (error) {
      fail(key, token, error)
    } finally {
      token.running = false
      plan()
    }
  }

  function fail(key: string, token: Watched, error: unknown): void {
    const { account } = token.query
    const failure = error instanceof AuthError ? error : undefined
    const passes = isPassing(error)
    if (passes) postpone(token, failure?.retryAtMs)
    else if (watched.get(key) === token) watched.delete(key)
    if (!failure || closed) return
    platform.log('warn', `A renewal failed: ${failure.code}.`)
    const nextTryOn = passes ? new Date(token.dueAtMs) : undefined
    events.emit('renewalFailed', { account, error: failure, nextTryOn })
  }

  function postpone(token: Watched, retryAtMs: number | undefined): void {
    token.failures += 1
    const backedOffMs = platform.now() + backoffMs(token.failures, Math.random())
    token.dueAtMs = Math.max(backedOffMs, retryAtMs ?? 0)
  }

  /** What is used, or lives still. */
  const living = () =>
    [...watched.values()].filter(
      ({ used: isUsed, record }) => isUsed || platform.now() < record.expiresAtMs,
    )

  return {
    used,
    check,
    planned: (): readonly PlannedRenewal[] =>
      living().map(({ query, record, dueAtMs, used: isUsed }) => ({
        account: query.account,
        resource: record.resource,
        scopes: record.grantedTexts ?? record.grantedScopes,
        renewOn: new Date(dueAtMs),
        expiresOn: new Date(record.expiresAtMs),
        used: isUsed,
      })),
    close(): void {
      closed = true
      clearTimeout(timer)
      stopListening()
      watched.clear()
    },
  }
}

const keyOf = ({ account, resource, scopes, authority }: TokenQuery): string =>
  JSON.stringify([accountKey(account), resource, scopes, authority])
