import { randomBytes } from 'node:crypto'
import {
  createTokenCache,
  createTrace,
  type Platform,
  type RecordStore,
  refreshLockName,
  type TokenCache,
  type Trace,
} from '@carnet/core'
import {
  createFetchJson,
  createMetadataSource,
  type ProviderMetadata,
  type TokenResponse,
} from '@carnet/core/network'
import {
  type ClientAuthentication,
  createHttp,
  type DeviceAuthorization,
  type GrantRequest,
  type Http,
  type ProtocolDeps,
  requestDeviceCode,
  requestGrant,
} from '@carnet/core/services'
import type { OwnerDetails } from '../cache/owner-details.ts'
import { createRecordNames } from '../cache/record-names.ts'
import { createSealedStore, type SealedStore } from '../cache/sealed-store.ts'
import { createSteadyStore, type SteadyStore } from '../cache/store-in-outage.ts'
import { createTokenMemory, type TokenMemory } from '../cache/token-memory.ts'
import { createCredentialsInTurn } from '../credentials/in-turn.ts'
import { createProviderClock } from '../credentials/provider-clock.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { type Config, ownerScopeOf } from './config.ts'
import { assertFapi } from './fapi.ts'
import { createLocalLocks } from './locks.ts'

/** The parts of a client that its operations share. */
export interface Runtime {
  readonly config: Config
  /** Distinguishes owners of different tenants that share a partition. */
  readonly ownerScope: string
  readonly platform: Platform
  readonly store: RecordStore
  readonly cache: TokenCache
  readonly memory: TokenMemory<OwnerDetails>
  readonly trace: Trace
  metadata(): Promise<ProviderMetadata>
  /** Sends a token request with a credential of the app. */
  send(request: GrantRequest, how?: SendOptions): Promise<TokenResponse>
  /** Runs a request of the protocol with a credential of the app. */
  withClient<T>(
    work: (deps: ProtocolDeps, authenticate: ClientAuthentication) => Promise<T>,
  ): Promise<T>
  /** Fetches a public JSON document of the provider. */
  fetchJson(url: string): Promise<unknown>
  /** Requests a device code (RFC 8628 section 3.1). */
  requestDeviceCode(parameters: Readonly<Record<string, string>>): Promise<DeviceAuthorization>
  readonly lockNameOf: (owner: string) => string
  readonly sealed: SealedStore | undefined
  readonly shared: SteadyStore | undefined
  close(): void
}

/** Details of a refresh request. */
export interface SendOptions {
  /** How far the provider's clock was ahead of ours at the earlier grant, in milliseconds. */
  readonly earlierOffsetMs?: number | undefined
  /** Receives the fields of a token response that fails its checks. */
  readonly onRefused?: (answer: Readonly<Record<string, unknown>>) => Promise<void>
}

/** Puts the stores and the memory of a client together. */
function createCaches(config: Config, monotonicMs: () => number) {
  const { partition, now, log } = config
  const names = createRecordNames(partition)
  const sealed = config.store && config.keys && createSealedStore(config.store, config.keys, names)
  // Without a shared store, the memory of tokens and the store behind it share the limit.
  const maxBytes = sealed ? config.maxBytes : config.maxBytes / 2
  const timeoutMs = config.storeTimeoutMs
  const shared =
    sealed && createSteadyStore({ store: sealed, timeoutMs, monotonicMs, now, maxBytes, log })
  const store = shared ?? memoryStore({ maxBytes, now })
  const memory = createTokenMemory<OwnerDetails>({
    partition,
    store,
    maxBytes,
    now,
    isStoreDown: () => shared?.state() === 'down',
    nameOf: shared?.onChange && ((key) => names.nameOf(key)),
  })
  const cache = createTokenCache(partition, store, memory)
  const stopListening = shared?.onChange?.((news) => {
    if (news === 'emptied') void refill(cache, memory, store)
    else memory.hear(news)
  })
  const close = () => {
    stopListening?.()
    store.close()
  }
  return { sealed, shared, store, memory, cache, close }
}

/** Puts the parts of a client together. */
export function createRuntime(config: Config): Runtime {
  const { authority, clientId, dialect, partition, now, log } = config
  const monotonicMs = () => performance.now()
  const caches = createCaches(config, monotonicMs)
  const { store, shared } = caches
  const clock = createProviderClock(now)
  const withLocalLock = createLocalLocks()
  const platform: Platform = {
    now,
    monotonicMs,
    trueTimeMs: async () => clock.known(),
    fetch: config.fetch,
    randomId: () => randomBytes(32).toString('base64url'),
    withLock: (name, work) =>
      withLocalLock(name, () => (shared?.withLock ? shared.withLock(name, work) : work())),
    log,
  }
  const httpBy = (fetch: Config['fetch']) =>
    notingTime(createHttp({ fetch, timeoutMs: config.requestTimeoutMs }), clock.note)
  const http = httpBy(config.fetch)
  const given = config.metadata && { authority, members: config.metadata }
  const fetchJson = createFetchJson(http)
  const metadataOf = createMetadataSource({
    platform,
    store,
    dialect,
    fetchJson,
    given,
  })
  const credentials = config.credentials
  const withCredential = createCredentialsInTurn({
    credentials,
    client: { clientId, dialect },
    providerNow: clock.now,
    log,
  })
  const { trueTimeMs } = platform
  const depsOf = (metadata: ProviderMetadata): ProtocolDeps => {
    return { metadata, authority, dialect, clientId, http, now, trueTimeMs }
  }
  const withClient: Runtime['withClient'] = async (work) => {
    const metadata = await metadataOf(authority)
    if (config.isFapi) assertFapi(metadata)
    return withCredential((authenticate, { tls }) => {
      const deps = depsOf(tls ? withTlsAliases(metadata) : metadata)
      return work(tls ? { ...deps, http: httpBy(tls.fetch) } : deps, authenticate)
    })
  }
  return {
    config,
    ownerScope: ownerScopeOf(config),
    ...caches,
    platform,
    trace: createTrace(monotonicMs),
    metadata: () => metadataOf(authority),
    withClient,
    fetchJson,
    requestDeviceCode: async (parameters) =>
      requestDeviceCode(parameters, depsOf(await metadataOf(authority))),
    send: (request, { earlierOffsetMs, onRefused } = {}) =>
      withClient((deps, authenticate) =>
        requestGrant(request, authenticate, { ...deps, earlierOffsetMs }, onRefused),
      ),
    lockNameOf: (owner) => refreshLockName(partition, owner),
  }
}

/** Tokens that one step writes to a store that lost its records. */
const REFILL_STEP = 50

/** Writes the tokens of memory to a store that lost its records, so that no machine asks the provider for them again. */
async function refill(
  cache: TokenCache,
  memory: TokenMemory<OwnerDetails>,
  store: RecordStore,
): Promise<void> {
  const records = [...memory.records()]
  for (let index = 0; index < records.length; index += REFILL_STEP) {
    const step = records.slice(index, index + REFILL_STEP)
    await Promise.all(step.map((record) => store.write(cache.keep(record)).catch(() => undefined)))
  }
}

/** The metadata with the endpoints for clients with a certificate (RFC 8705 section 5). */
const withTlsAliases = (metadata: ProviderMetadata): ProviderMetadata => {
  const { mtls_endpoint_aliases: aliases = {} } = metadata
  const { token_endpoint, pushed_authorization_request_endpoint: pushed } = aliases
  return {
    ...metadata,
    ...(token_endpoint !== undefined && { token_endpoint }),
    ...(pushed !== undefined && { pushed_authorization_request_endpoint: pushed }),
  }
}

const notingTime =
  (http: Http, note: (headers: Headers) => void): Http =>
  async (url, init) => {
    const answer = await http(url, init)
    note(answer.headers)
    return answer
  }
