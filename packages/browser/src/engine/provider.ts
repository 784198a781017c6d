/** The requests of a client to its provider that need no user. */
import {
  type AccessTokenRecord,
  isInteractionRequired,
  refreshTokenKey,
  STEP,
  type TokenQuery,
  traced,
} from '@carnet/core'
import {
  createCooldown,
  createFetchJson,
  createMetadataSource,
  type Http,
  type MetadataSource,
  renew,
  revoke,
  type VerifyIdToken,
} from '@carnet/core/network'
import type { Context } from '../context/context.ts'
import { createProviderReach } from '../context/provider-reach.ts'
import type { Dpop } from '../dpop/dpop.ts'
import { withClientClaims } from '../flows/authorization/claims.ts'
import { canFallBackToIframe } from '../flows/iframe/iframe-fallback.ts'
import { createIframeSupport, type IframeSupport } from '../flows/iframe/iframe-support.ts'
import type { SilentIframe } from '../flows/iframe/silent-iframe.ts'
import type { RenewalMessage } from '../startup/tabs/tab-message.ts'
import { createPageLock } from '../tabs/lock.ts'
import type { Renewals } from '../tokens/renewals.ts'
import { createVerification } from '../tokens/verification.ts'
import { announcingNewAccount, renewInIframe } from './renew-in-iframe.ts'
import { createOtherTabs } from './renew-in-other-tab.ts'

/** The requests to a provider, and the renewals. */
export interface Provider extends Renewals {
  /** For requests without refresh tokens. */
  readonly http: Http
  readonly metadataOf: MetadataSource
  /** Verifies the signature of a JWT of the provider. */
  readonly verifyJwt: VerifyIdToken
  /** The same for ID tokens, if the app wants that. */
  readonly verifyIdToken: VerifyIdToken | undefined
  /** The experience with hidden iframes in this browser. */
  readonly memory: IframeSupport
  /** Rejects with a transient error if the provider cannot be reached. */
  assertReachable(authority: string): Promise<void>
  /** True if hidden iframes are known to find no session of the provider in this browser. */
  isFrameBlocked(authority: string): Promise<boolean>
  /** Handles a message of another tab: a request for a renewal, or the result of a renewal. */
  onMessage(message: RenewalMessage): void
  /** Revokes a token at the provider (RFC 7009). Default: a refresh token. */
  revoke(token: string, authority: string, hint?: 'refresh_token' | 'access_token'): Promise<void>
}

/** The functions of other parts of the client. */
export interface ProviderDeps {
  /** Reads the accounts from the store, and emits an event for each change. */
  readonly reloadAccounts: () => Promise<void>
  /** Sends a request in a hidden iframe. */
  readonly askInFrame: SilentIframe['ask']
}

type BindArgs = Parameters<Dpop['bind']>

/** Creates the requests of one client to its provider. */
export function createProvider(context: Context, deps: ProviderDeps): Provider {
  const { config, dpop, platform, store } = context
  const { clientId, partition } = config
  const { http, tokenHttp } = context.custody
  const metadataOf = createMetadataSource({
    platform,
    store,
    dialect: config.dialect,
    fetchJson: createFetchJson(http),
    given: {
      authority: config.authority,
      members: config.metadata,
      issuer: config.issuer,
      url: config.metadataUrl,
    },
  })
  const verifyJwt = createVerification(createFetchJson(http), platform.now)
  const verifyIdToken = config.verifyIdTokenSignature ? verifyJwt : undefined
  const withCooldown = createCooldown(partition, store, platform.now)
  const memory = createIframeSupport(partition, store, platform.now)
  const { assertReachable, assertOnline } = createProviderReach(context, metadataOf)

  const withPageLock = createPageLock()
  /** Renews one after the other: if the asking tab closes, its lock ends, but the renewal here continues. */
  const renewHere = (query: TokenQuery) =>
    withPageLock(refreshTokenKey(query.owner), () =>
      announcingNewAccount(context, async () => {
        await assertOnline(query)
        const bind = dpop && (async (...how: BindArgs) => (await dpop.get()).bind(...how))
        const how = { ...context, clientId, metadataOf, http: tokenHttp, verifyIdToken, bind }
        return renew(withClientClaims(query, config), how)
      }),
    )

  const otherTabs = createOtherTabs(context, renewHere, deps.reloadAccounts)

  async function renewByRefreshToken(query: TokenQuery): Promise<AccessTokenRecord> {
    try {
      return await renewHere(query)
    } catch (error) {
      const isMissing = isInteractionRequired(error) && error.reason === 'no_tokens'
      const renewed = isMissing && (await otherTabs.renew(query))
      if (!renewed) throw error
      return renewed
    }
  }

  const inIframe: Provider['renewInIframe'] = (query, refusal, trace, timeoutMs) =>
    announcingNewAccount(context, () =>
      traced(trace, STEP.iframe, () =>
        renewInIframe(query, refusal, context, { assertOnline, timeoutMs, ...deps }),
      ),
    )

  return {
    ...{ http, metadataOf, verifyJwt, verifyIdToken, memory, assertReachable },
    onMessage: otherTabs.onMessage,
    isFrameBlocked: async (authority) => (await memory.recall(authority)) === 'blocked',

    renewInIframe: (...asked) => withCooldown(asked[0], () => inIframe(...asked)),

    renew: (query, trace, { isAllowed, timeoutMs } = { isAllowed: config.silent.iframe }) =>
      withCooldown(query, async () => {
        try {
          return await traced(trace, STEP.refresh, () => renewByRefreshToken(query))
        } catch (error) {
          // With `maxAgeMs: 0` every session is too old: the user must sign in.
          const isOfUse = isAllowed && query.maxAgeMs !== 0
          if (!isOfUse || !canFallBackToIframe(error)) throw error
          return inIframe(query, error, trace, timeoutMs)
        }
      }),

    async revoke(token, authority, hint) {
      const metadata = await metadataOf(authority)
      const { now, trueTimeMs } = platform
      const client = { dialect: config.dialect, clientId, http: tokenHttp, now, trueTimeMs }
      await revoke(token, { metadata, authority, ...client }, hint)
    },
  }
}
