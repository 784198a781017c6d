import { type Account, AuthError, accountKey, isInteractionRequired } from '@carnet/core'
import { acquireTokens, withAnswerTo } from './acquire-tokens.ts'
import type { Events } from './announce.ts'
import type { AuthClient } from './auth-client.ts'
import type { Beginning } from './beginning.ts'
import { checkRequest } from './check-request.ts'
import { createConsent } from './consent.ts'
import { createForecaster } from './forecaster.ts'
import { addsTo } from './interaction/adds-to.ts'
import { findEndedSession } from './interaction/ended-session.ts'
import { stayInert } from './interaction/finish-elsewhere.ts'
import { createInteract } from './interaction/interact.ts'
import { interactionQueueOf } from './interaction/queue.ts'
import { createSignOut } from './interaction/sign-out.ts'
import { createNetworkLoader } from './load-network.ts'
import { createRenewer } from './renewer.ts'
import type { AcquireTokenRequest, InteractiveRequest } from './requests.ts'
import type { AuthenticationResult } from './result.ts'
import type { Runtime } from './runtime.ts'
import { type Acquire, createAcquire, createSilent } from './silent.ts'
import type { TabChannel } from './tabs/channel.ts'
import type { createFollower } from './tabs/follow.ts'
import { createWork } from './work.ts'

/** Puts the parts of a client together behind its public face. */
export function createClient(
  runtime: Runtime,
  parts: {
    events: Events
    channel: TabChannel
    follower: ReturnType<typeof createFollower>
    degraded: readonly { cause: unknown }[]
  },
) {
  const { config, page, platform, store, accounts, announce } = runtime
  const { events, channel, follower, degraded } = parts
  const network = createNetworkLoader(runtime)
  const { during, ended } = createWork()
  const acquireToken = createAcquire(runtime, network)
  const acquire: Acquire = (query, options) => during(acquireToken(query, options))
  const renewer = createRenewer(runtime, acquire)
  announce.onAcquired(renewer.used)
  const forecaster = createForecaster(runtime, events, network)
  const { settled } = follower
  const silent = createSilent(runtime, { acquire, renewer, settled })
  const closing = new AbortController()
  const closed = closing.signal
  const enqueue = interactionQueueOf(runtime)
  const interaction = { events, network, enqueue, assertOpen, closed }
  const interact = createInteract(runtime, interaction)
  const { signOut, removeAccount } = createSignOut(runtime, interaction)
  const stopWaking = page.onWake((why) => {
    // First what other tabs did meanwhile: nothing is renewed for an account that is gone.
    void (why === 'slept' ? follower.catchUp() : settled()).then(() => {
      if (closed.aborted) return
      renewer.wake(why === 'online')
      forecaster.look()
    })
  })
  let stopPrefetch = () => {}
  let redirectResult: AuthenticationResult | null = null

  function assertOpen(): void {
    if (closed.aborted) throw new AuthError('client_closed', 'The client was closed.')
  }

  /** A request for a token adds to what the account holds; a sign-in starts anew. */
  const incremental = <T extends InteractiveRequest>(request: T) => ({
    ...request,
    addsTo: addsTo(request, accounts),
  })

  function askUser(request: AcquireTokenRequest): Promise<AuthenticationResult> {
    const { interaction, forceRefresh: _, ...asked } = request
    return during(interact[interaction === 'popup' ? 'popup' : 'redirect'](incremental(asked)))
  }

  const auth: AuthClient = {
    consent: createConsent(runtime),
    get accounts() {
      return accounts.list()
    },
    get activeAccount() {
      return accounts.active() ?? null
    },
    get redirectResult() {
      return redirectResult
    },

    setActiveAccount(account) {
      assertOpen()
      const known = account === null ? undefined : knownAccount(account)
      const writing = store.write(accounts.activate(known))
      // Other tabs read the store when they hear of it.
      void during(writing.then(() => announce.activeAccountChanged(known)))
    },

    async signIn(request = {}) {
      assertOpen()
      checkRequest.interactive(request, page.origin)
      const { interaction = 'redirect', ...asked } = request
      const scopes = [...config.scopes, ...(request.scopes ?? [])]
      return during(interact[interaction]({ ...asked, scopes }))
    },

    async acquireToken(request) {
      assertOpen()
      checkRequest.acquire(request, page.origin)
      try {
        return await silent(request)
      } catch (error) {
        if (request.interaction === 'none' || !isInteractionRequired(error)) throw error
        return askUser(withAnswerTo(error, request, accounts))
      }
    },

    async acquireTokens(request) {
      assertOpen()
      checkRequest.acquire(request, page.origin)
      return acquireTokens(request, runtime, { silent, interact: askUser })
    },

    async acquireTokenSilent(request) {
      assertOpen()
      checkRequest.silent(request)
      return silent(request)
    },

    async acquireTokenRedirect(request) {
      assertOpen()
      checkRequest.interactive(request, page.origin)
      return during(interact.redirect(incremental(request)))
    },

    async acquireTokenPopup(request) {
      assertOpen()
      checkRequest.interactive(request, page.origin)
      return during(interact.popup(incremental(request)))
    },

    async ssoSilent(request = {}) {
      assertOpen()
      checkRequest.sso(request, page.origin)
      return during(interact.sso(request))
    },

    get renewals() {
      return renewer.planned()
    },

    async forecast(account) {
      assertOpen()
      const owner = account === undefined ? accounts.active() : knownAccount(account)
      if (!owner) throw new AuthError('account_not_found', 'Nobody is signed in.')
      return forecaster.forecast(owner)
    },

    async signOut(request = {}) {
      assertOpen()
      checkRequest.signOut(request, page.origin)
      return during(signOut(request))
    },

    async removeAccount(account) {
      assertOpen()
      checkRequest.account(account)
      await during(removeAccount(knownAccount(account)))
    },

    async clear() {
      assertOpen()
      for (const account of accounts.list()) await during(removeAccount(account))
    },

    on(name, listener) {
      const stop = events.on(name, listener)
      // Storage may have failed before anybody could listen.
      if (name === 'storageDegraded' && degraded[0])
        tellLate(listener as (event: { cause: unknown }) => void, degraded[0])
      return stop
    },

    close() {
      if (closed.aborted) return
      closing.abort()
      stopPrefetch()
      stopWaking()
      renewer.close()
      forecaster.close()
      events.clear()
      // What is under way is kept, and other tabs hear of it.
      void ended().then(() => {
        channel.close()
        store.close()
      })
    },
  }

  function tellLate(hear: (event: { cause: unknown }) => void, event: { cause: unknown }): void {
    try {
      hear(event)
    } catch (error) {
      reportError(error)
    }
  }

  function knownAccount(account: Account): Account {
    checkRequest.account(account)
    const known = accounts.byKey(accountKey(account))
    if (!known) throw new AuthError('account_not_found', 'The account is not signed in here.')
    return known
  }

  return {
    auth,
    /** Reads who is signed in and completes the response in the address, if there is one. */
    async start({ response, arrival }: Beginning): Promise<void> {
      if (arrival !== undefined) redirectResult = await arrival
      const loading = response && network()
      await accounts.load()
      await logOutIfFramed()
      if (loading) redirectResult = await (await loading).complete(response)
      stopPrefetch = page.whenIdle(() => void prefetch())
    },
  }

  /** In the frame with which a provider ends its session, the app must not start. */
  async function logOutIfFramed(): Promise<void> {
    const session = page.frameName() === undefined ? undefined : findEndedSession(page.href())
    if (!session) return
    const { removeSession } = await import('./front-channel-logout.ts')
    await removeSession(session, store, channel.say)
    await stayInert()
  }

  /** What an interaction will need is fetched while nobody waits for it. */
  async function prefetch(): Promise<void> {
    try {
      await store.prune(platform.now())
      await (await network()).metadataOf(config.authority)
    } catch (error) {
      config.log('info', `Nothing could be fetched ahead: ${error}`)
    }
  }
}
