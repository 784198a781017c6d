/**
 * Handles a token endpoint that fails repeatedly without an OAuth error. The session may have ended: some gateways send the
 * refusal of an invalid refresh token without CORS headers, or replace it by their own page.
 */
import type { MetadataSource } from '../discovery/metadata-source.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { AuthError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import { formatOf } from '../records/format.ts'
import { failureRecordKey } from '../records/keys/record-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { instant, optional, shape, text } from '../records/shape.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import { isUsableInOutage } from '../tokens/token-lifetime.ts'
import type { RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { needsUser } from './needs-user.ts'

/** The number of failures in a row that is no longer a short fault. */
const FEWEST_FAILURES = 3
/** If the endpoint responds with errors, the user is needed after this time: a gateway restarts within seconds. */
const ANSWERING_FOR_MS = 4000
/** If the endpoint does not respond, the user is needed after this time: an outage of the endpoint may pass. */
const SILENT_FOR_MS = 60_000
/** The shortest time between two probes of an endpoint. */
const PROBE_EVERY_MS = 20_000
const PROBE_TIMEOUT_MS = 5000
/** After the user was found to be needed, no request is sent for this time, unless the caller forces the renewal. */
const NEEDED_FOR_MS = 10_000
const KEPT_FOR_MS = 30 * 24 * 3_600_000

/** The failures in a row of one refresh token. They are stored, so they survive a reload and count for all tabs. */
interface Failures {
  /** `RefreshTokenRecord.id`. Each renewal and sign-in writes a new id, so a success resets the count. */
  readonly id: string
  readonly count: number
  readonly sinceMs: number
  readonly probedAtMs: number
  /** The time at which the user was found to be needed. */
  readonly neededAtMs?: number | undefined
}

const failuresFormat = formatOf<Failures>(
  1,
  shape<Failures>({
    id: text,
    count: instant,
    sinceMs: instant,
    probedAtMs: instant,
    neededAtMs: optional(instant),
  }),
)

interface FailureDeps {
  readonly platform: Pick<Platform, 'now' | 'fetch' | 'log'>
  readonly store: RecordStore
  readonly cache: TokenCache
  readonly metadataOf: MetadataSource
}

/**
 * Sends a request to the token endpoint of `authority`. After an unexplained failure, it fetches the discovery document
 * again; if the token endpoint has moved, it repeats the request there. If the refresh token keeps failing while the
 * provider can be reached, the user is needed. The refresh token is kept, because it may work again.
 *
 * @throws InteractionRequiredError `login`, with the failure as its cause. All other failures are thrown unchanged.
 */
export async function atTokenEndpoint<T>(
  query: TokenQuery,
  { authority, held }: { authority: string; held: RefreshTokenRecord },
  deps: FailureDeps,
  ask: (metadata: ProviderMetadata) => Promise<T>,
): Promise<T> {
  const { metadataOf, platform } = deps
  const record = failureRecord(held, deps)
  const metadata = await metadataOf(authority)
  const known = await record.read()
  const isNeeded =
    known?.neededAtMs !== undefined && platform.now() < known.neededAtMs + NEEDED_FOR_MS
  if (isNeeded && !query.forceRefresh && !(await isServed(query, deps))) throw ended(query)
  try {
    return await ask(metadata)
  } catch (error) {
    if (!isUnexplained(error)) throw error
    const current = await metadataOf(authority, true).catch(() => undefined)
    // The provider cannot be reached at all, so the failure is transient.
    if (!current) throw error
    const hasMoved = current.token_endpoint !== metadata.token_endpoint
    // After a timeout, the server may have processed the request: do not send it twice.
    if (hasMoved && error.code !== 'timeout') return await ask(current)
    const failures = await record.add(known, error, current)
    if (failures.neededAtMs === undefined || (await isServed(query, deps))) throw error
    platform.log('warn', `The token endpoint failed ${failures.count} times: ${error.code}.`)
    throw ended(query, error)
  }
}

const ended = (query: TokenQuery, error?: AuthError) =>
  needsUser(
    'login',
    'The session may have ended: the token endpoint keeps failing without a reason, although the provider can be reached.',
    query,
    error,
  )

/** True for failures that neither refuse the refresh token nor state a time for the next attempt. */
const isUnexplained = (error: unknown): error is AuthError =>
  error instanceof AuthError &&
  error.retryAtMs === undefined &&
  ['network_error', 'timeout', 'server_error', 'intermediary_answered'].includes(error.code) &&
  error.oauth?.error !== 'slow_down'

/** True while a cached token can still answer the query: then the user is not needed yet. */
async function isServed(query: TokenQuery, { cache, platform }: FailureDeps): Promise<boolean> {
  if (query.claims !== undefined || query.authority !== undefined) return false
  return (await cache.find(query, platform.now(), isUsableInOutage)) !== undefined
}

function failureRecord(held: RefreshTokenRecord, { platform, store, cache }: FailureDeps) {
  const { now } = platform
  const key = failureRecordKey(cache.nameOf(held).key)
  const { id = '' } = held

  async function read(): Promise<Failures | undefined> {
    const failures = failuresFormat.read((await store.get('metadata', key))?.value)
    // If the clock was set back since, the times are wrong: ignore the record.
    return failures?.id === id && failures.sinceMs <= now() ? failures : undefined
  }

  /** Counts one more failure, and decides whether the user is needed now. */
  async function add(
    before: Failures | undefined,
    error: AuthError,
    metadata: ProviderMetadata,
  ): Promise<Failures> {
    const { count = 0, sinceMs = now(), probedAtMs = 0, neededAtMs } = before ?? {}
    const counted = { id, count: count + 1, sinceMs, probedAtMs, neededAtMs }
    const judged =
      neededAtMs === undefined
        ? await judge(counted, error, metadata)
        : { ...counted, neededAtMs: now() }
    const value = failuresFormat.write(judged)
    const kept = { key, tags: [], expiresAtMs: now() + KEPT_FOR_MS, value }
    await store.write([{ type: 'put', collection: 'metadata', record: kept }])
    return judged
  }

  async function judge(
    failures: Failures,
    error: AuthError,
    { token_endpoint, authorization_endpoint }: ProviderMetadata,
  ): Promise<Failures> {
    const forMs = now() - failures.sinceMs
    if (failures.count < FEWEST_FAILURES || forMs < ANSWERING_FOR_MS) return failures
    const needed = { ...failures, neededAtMs: now() }
    const isSilent = error.code === 'network_error' || error.code === 'timeout'
    if (!isSilent && error.oauth?.error !== 'temporarily_unavailable') return needed
    if (now() < failures.probedAtMs + PROBE_EVERY_MS) return failures
    // Scripts cannot tell a response without CORS headers from no response, but only the latter may be transient.
    const isUnreadable =
      error.code === 'network_error' && (await answersAtAll(token_endpoint, platform))
    // Do not probe the discovery document: another host or the app may serve it.
    const isOver =
      isUnreadable ||
      (forMs >= SILENT_FOR_MS && (await answersAtAll(authorization_endpoint, platform)))
    return { ...(isOver ? needed : failures), probedAtMs: now() }
  }

  return { read, add }
}

/** True if `url` responds at all, readable or not. The request carries no data. */
async function answersAtAll(url: string, { fetch }: FailureDeps['platform']): Promise<boolean> {
  try {
    await fetch(url, {
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    })
    return true
  } catch {
    return false
  }
}
