/** The requests of a client to its provider that need no user. */
import {
  type AccessTokenRecord,
  type CallTrace,
  type InteractionRequiredError,
  indicatorOf,
  isInteractionRequired,
  refreshTokenKey,
  STEP,
  type TokenQuery,
  traced,
} from '@carnet/core'
import {
  createFetchJson,
  createMetadataSource,
  createPauses,
  type Http,
  type MetadataSource,
  renew,
  revoke,
  type VerifyIdToken,
} from '@carnet/core/network'
import { createHolders, renewedSince } from '../context/holders.ts'
import { createProviderReach } from '../context/provider-reach.ts'
import type { Runtime } from '../context/runtime.ts'
import type { StartRequest } from '../flows/authorization/authorize.ts'
import { capable } from '../flows/authorization/claims.ts'
import { createFrameMemory, type FrameMemory } from '../flows/iframe/frame-memory.ts'
import { afterFrame, canBeMendedInFrame, isAboutConsent } from '../flows/iframe/frame-remedy.ts'
import type { SilentFrame } from '../flows/iframe/silent-frame.ts'
import type { RenewalMessage } from '../startup/tab-message.ts'
import { createPageLock, patienceMsOf } from '../tabs/lock.ts'
import { createVerification } from '../tokens/verification.ts'

export interface Provider {
  /** Requests that carry no secret of ours to keep. */
  readonly http: Http
  readonly metadataOf: MetadataSource
  /** Checks the signature of a JWT of the provider. */
  readonly verifyJwt: VerifyIdToken
  /** The same for ID tokens, if the app wants that. */
  readonly verifyIdToken: VerifyIdToken | undefined
  /** The experience with hidden frames in this browser. */
  readonly memory: FrameMemory
  /** Rejects with a transient error if the provider cannot be reached. */
  assertReachable(authority: string): Promise<void>
  /** Refresh token, else hidden frame, else the reason why the user is needed. Call it under the refresh lock. */
  renew(query: TokenQuery, trace?: CallTrace): Promise<AccessTokenRecord>
  /** True if hidden frames are known to find no session of the provider in this browser. */
  isFrameBlocked(authority: string): Promise<boolean>
  /** Another tab asks for a renewal, or says how one ended. */
  hear(message: RenewalMessage): void
  /** Ends the refresh token at the provider (RFC 7009). */
  revoke(refreshToken: string, authority: string): Promise<void>
}

/** The parts of a client that come from elsewhere. */
export interface ProviderDeps {
  /** Reads who is signed in, and tells who came and went. */
  readonly reloadAccounts: () => Promise<void>
  /** Asks in a hidden frame. */
  readonly askInFrame: SilentFrame['ask']
}

export function createProvider(runtime: Runtime, deps: ProviderDeps): Provider {
  const { config, platform, store } = runtime
  const { clientId, partition } = config
  const { http, tokenHttp } = runtime.custody
  const metadataOf = createMetadataSource({
    platform,
    store,
    profile: config.profile,
    fetchJson: createFetchJson(http),
    given: config.metadata && { authority: config.authority, members: config.metadata },
  })
  const verifyJwt = createVerification(createFetchJson(http), platform.now)
  const verifyIdToken = config.verifyIdTokenSignature ? verifyJwt : undefined
  const unlessPaused = createPauses(partition, store, platform.now)
  const memory = createFrameMemory(partition, store, platform.now)
  const { assertReachable, assertOnline } = createProviderReach(runtime, metadataOf)

  const inTurn = createPageLock()
  /** One after the other: a tab that asked for a renewal here may be gone, and its lock with it, while that goes on. */
  const renewHere = (query: TokenQuery) =>
    inTurn(refreshTokenKey(query.owner), () =>
      introducing(async () => {
        await assertOnline(query)
        const how = { ...runtime, clientId, metadataOf, http: tokenHttp, verifyIdToken }
        return renew(capable(query, config.clientCapabilities), how)
      }),
    )

  /** Another tenant sees the same person as another account, which comes with its token. */
  async function introducing(renewing: () => Promise<AccessTokenRecord>) {
    const before = new Set(runtime.accounts.records().keys())
    const record = await renewing()
    const account = before.has(record.owner) ? undefined : runtime.accounts.byKey(record.owner)
    if (account) runtime.announce.accountAdded(account)
    return record
  }

  const holders = createHolders({
    config,
    channel: runtime.channel,
    patienceMs: patienceMsOf(config),
    accountOf: runtime.accounts.byKey,
    holds: runtime.custody.holds,
    async renew(query) {
      const record = await renewHere(query)
      const account = runtime.accounts.byKey(record.owner) ?? query.owner
      runtime.announce.tokens({ ...query, owner: account }, record, 'renewal')
    },
  })

  /** The worker of another tab redeems a refresh token that it keeps. */
  async function renewInOtherTab(query: TokenQuery): Promise<AccessTokenRecord | undefined> {
    if (config.tokens === 'page') return undefined
    const handle = await runtime.cache.refreshTokenElsewhere(query)
    const askedAtMs = platform.now()
    const isDone = handle !== undefined && (await holders.ask(handle, query))
    return isDone ? renewedSince(askedAtMs, query, runtime, deps.reloadAccounts) : undefined
  }

  async function renewByRefreshToken(query: TokenQuery): Promise<AccessTokenRecord> {
    try {
      return await renewHere(query)
    } catch (error) {
      const isMissing = isInteractionRequired(error) && error.reason === 'no_tokens'
      const renewed = isMissing && (await renewInOtherTab(query))
      if (!renewed) throw error
      return renewed
    }
  }

  async function renewInFrame(
    query: TokenQuery,
    refusal: InteractionRequiredError,
  ): Promise<AccessTokenRecord> {
    const { owner: account, texts, authority, claims, parameters, maxAgeMs } = query
    const request: StartRequest = {
      account,
      addsTo: account,
      scopes: texts,
      resource: indicatorOf(query),
      authority: authority ?? runtime.accounts.record(account)?.authority,
      claims,
      parameters,
      maxAgeMs,
      correlationId: platform.randomId(),
    }
    try {
      await assertOnline(query)
      // Where another tenant was asked, it sees the same person as another account.
      const { account: answered } = await deps.askInFrame(request, new AbortController().signal)
      const renewed = await runtime.cache.find({ ...query, owner: answered }, platform.now())
      if (renewed) return renewed
    } catch (error) {
      // Silence does not ask twice for what the user, or an administrator, has to agree to.
      if (isAboutConsent(error)) await runtime.ledger.noteRefusal(query, error.reason)
      throw afterFrame(refusal, error)
    }
    throw refusal
  }

  return {
    ...{ http, metadataOf, verifyJwt, verifyIdToken, memory, assertReachable },
    hear: holders.hear,
    isFrameBlocked: async (authority) => (await memory.recall(authority)) === 'blocked',

    renew: (query, trace) =>
      unlessPaused(query, async () => {
        try {
          return await traced(trace, STEP.refresh, () => renewByRefreshToken(query))
        } catch (error) {
          // No session is younger than no time at all: the user has to sign in.
          const isOfUse = config.silent.iframe && query.maxAgeMs !== 0
          if (!isOfUse || !canBeMendedInFrame(error)) throw error
          return introducing(() => traced(trace, STEP.iframe, () => renewInFrame(query, error)))
        }
      }),

    async revoke(refreshToken, authority) {
      const metadata = await metadataOf(authority)
      const { profile } = config
      await revoke(refreshToken, {
        metadata,
        authority,
        profile,
        clientId,
        http: tokenHttp,
        now: platform.now,
        trueTimeMs: platform.trueTimeMs,
      })
    },
  }
}
