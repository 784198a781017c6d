/**
 * Decides about a refresh token whose token endpoint fails again and again, and never says why. The session may have
 * ended: some gateways answer the refusal of a dead refresh token without CORS headers, or with a page of their own.
 */
import type { MetadataSource } from '../discovery/metadata-source.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { AuthError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import { formatOf } from '../records/format.ts'
import { failureRecordKey } from '../records/record-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { instant, optional, shape, text } from '../records/shape.ts'
import { isLastResort } from '../tokens/last-of-life.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import type { RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { needsUser } from './needs-user.ts'

/** So many failures in a row are no fault of a moment. */
const FEWEST_FAILURES = 3
/** An endpoint that answers gets this long from the first failure on: a gateway restarts within seconds. */
const ANSWERING_FOR_MS = 4000
/** An endpoint that does not answer gets this long: only it seems to be down, and that may pass. */
const SILENT_FOR_MS = 60_000
/** How often it is tried whether an endpoint answers at all. */
const PROBE_EVERY_MS = 20_000
const PROBE_TIMEOUT_MS = 5000
/** For how long the user counts as needed without another try, except for a caller who insists. */
const NEEDED_FOR_MS = 10_000
const KEPT_FOR_MS = 30 * 24 * 3_600_000

/** The failures in a row of one refresh token. The store has them, so they outlive a reload and count for all tabs. */
interface Failures {
  /** `RefreshTokenRecord.id`: each renewal and sign-in writes another, so success ends the row. */
  readonly id: string
  readonly count: number
  readonly sinceMs: number
  readonly probedAtMs: number
  /** When the user was found to be needed. */
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
 * Sends a request to the token endpoint of `authority`. If that fails and the failure explains nothing, the discovery
 * document is fetched anew: a token endpoint that has moved is asked at its new place. A refresh token that goes on to
 * fail while the provider can be reached needs the user; it is kept, for it may work again.
 *
 * @throws InteractionRequiredError `login`, with the failure as its cause. Every other failure as it came.
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
  if (isNeeded && !query.insists && !(await isServed(query, deps))) throw ended(query)
  try {
    return await ask(metadata)
  } catch (error) {
    if (!isUnexplained(error)) throw error
    const current = await metadataOf(authority, true).catch(() => undefined)
    // The provider cannot be reached at all: that passes.
    if (!current) throw error
    const hasMoved = current.token_endpoint !== metadata.token_endpoint
    // After a timeout the request may have been processed: it is not sent twice.
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
    'The token endpoint fails again and again, and does not say why, although the provider can be reached: the session may have ended.',
    query,
    error,
  )

/** Failures by which the endpoint says neither that the token is dead nor when to come again. */
const isUnexplained = (error: unknown): error is AuthError =>
  error instanceof AuthError &&
  error.retryAtMs === undefined &&
  ['network_error', 'timeout', 'server_error', 'intermediary_answered'].includes(error.code) &&
  error.oauth?.error !== 'slow_down'

/** True while a token of the cache may still be handed out: then nobody is to be disturbed. */
async function isServed(query: TokenQuery, { cache, platform }: FailureDeps): Promise<boolean> {
  if (query.claims !== undefined || query.authority !== undefined) return false
  return (await cache.find(query, platform.now(), isLastResort)) !== undefined
}

function failureRecord(held: RefreshTokenRecord, { platform, store, cache }: FailureDeps) {
  const { now } = platform
  const key = failureRecordKey(cache.nameOf(held).key)
  const { id = '' } = held

  async function read(): Promise<Failures | undefined> {
    const failures = failuresFormat.read((await store.get('metadata', key))?.value)
    // A clock that was set back since would make a long row of a short one.
    return failures?.id === id && failures.sinceMs <= now() ? failures : undefined
  }

  /** Counts one more failure, and finds out whether the user is needed now. */
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
    // Scripts are told the same of an answer without CORS headers and of none: only the latter may pass.
    const isUnreadable =
      error.code === 'network_error' && (await answersAtAll(token_endpoint, platform))
    // A discovery document may come from elsewhere than the provider, or from the app: it proves little here.
    const isOver =
      isUnreadable ||
      (forMs >= SILENT_FOR_MS && (await answersAtAll(authorization_endpoint, platform)))
    return { ...(isOver ? needed : failures), probedAtMs: now() }
  }

  return { read, add }
}

/** True if anything comes back from `url`, readable or not. The request carries nothing. */
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
