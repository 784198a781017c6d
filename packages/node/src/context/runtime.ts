import { randomBytes } from 'node:crypto'
import {
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
  createHttp,
  type DeviceAuthorization,
  type GrantRequest,
  type Http,
  type ProtocolDeps,
  requestDeviceCode,
  requestGrant,
} from '@carnet/core/services'
import type { OwnerDetails } from '../cache/owner-details.ts'
import { startPatientTimer } from '../cache/patient-timer.ts'
import type { SealedStore } from '../cache/sealed-store.ts'
import type { SteadyStore } from '../cache/store-in-outage.ts'
import type { TokenMemory } from '../cache/token-memory.ts'
import { createCredentialsInTurn } from '../credentials/in-turn.ts'
import { createProviderClock } from '../credentials/provider-clock.ts'
import type { ServiceDpop } from '../dpop/service-dpop.ts'
import { createCaches } from './caches.ts'
import { type Config, ownerScopeOf } from './config.ts'
import { createLocalLocks } from './locks.ts'
import { createWithClient, type ProofOptions, type WithClient } from './with-client.ts'

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
  readonly withClient: WithClient
  /** The part for tokens that are bound to a key, if the client uses DPoP. */
  readonly dpop: ServiceDpop | undefined
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
export interface SendOptions extends Pick<ProofOptions, 'jkt'> {
  /** How far the provider's clock was ahead of ours at the earlier grant, in milliseconds. */
  readonly earlierOffsetMs?: number | undefined
  /** Receives the fields of a token response that fails its checks. */
  readonly onRefused?: (answer: Readonly<Record<string, unknown>>) => Promise<void>
}

/** Puts the parts of a client together. */
export async function createRuntime(config: Config): Promise<Runtime> {
  const { authority, clientId, dialect, partition, now, log } = config
  const monotonicMs = () => performance.now()
  let dpop: ServiceDpop | undefined
  const caches = createCaches(config, monotonicMs, () => void dpop?.refill())
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
  const { requestTimeoutMs: timeoutMs } = config
  const httpBy = (fetch: Config['fetch']) =>
    notingTime(createHttp({ fetch, timeoutMs, startTimer: startPatientTimer }), clock.note)
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
  dpop = await dpopOf(config, caches, platform, clock.now)
  const withClient = createWithClient({
    ...{ config, dpop, withCredential, depsOf, httpBy },
    metadata: () => metadataOf(authority),
  })
  return {
    config,
    ownerScope: ownerScopeOf(config),
    ...caches,
    platform,
    trace: createTrace(monotonicMs),
    metadata: () => metadataOf(authority),
    withClient,
    dpop,
    fetchJson,
    requestDeviceCode: async (parameters) =>
      requestDeviceCode(parameters, depsOf(await metadataOf(authority))),
    send: (request, { earlierOffsetMs, onRefused, jkt } = {}) =>
      withClient(
        (deps, authenticate) =>
          requestGrant(request, authenticate, { ...deps, earlierOffsetMs }, onRefused),
        { jkt },
      ),
    lockNameOf: (owner) => refreshLockName(partition, owner),
  }
}

/** Loads and opens the part for bound tokens, if the app wants them. */
async function dpopOf(
  { clientId, dpop: wanted, partition, store: shared, keys }: Config,
  caches: Pick<Runtime, 'store' | 'shared'>,
  platform: Platform,
  providerNow: () => number,
): Promise<ServiceDpop | undefined> {
  if (!wanted) return undefined
  const { openDpop } = await import('../dpop/open-dpop.ts')
  return openDpop(wanted, {
    ...{ clientId, partition, platform, providerNow },
    store: caches.store,
    isStoreDown: () => caches.shared?.state() === 'down',
    // Machines with one keyring continue the sign-ins of each other. Without a store, each has a key of its own.
    isApart: wanted.key === undefined && !shared && keys !== undefined,
  })
}

const notingTime =
  (http: Http, note: (headers: Headers) => void): Http =>
  async (url, init) => {
    const answer = await http(url, init)
    note(answer.headers)
    return answer
  }
