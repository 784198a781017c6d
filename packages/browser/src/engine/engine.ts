/** All work beyond answers from the cache. This file loads at the first need, or when the page is idle. */

import { type Account, AuthError, accountKey, isInteractionRequired } from '@carnet/core'
import type { AcquireTokenRequest, InteractiveRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { checkRequest } from '../checks/check-request.ts'
import { createWork } from '../context/work.ts'
import { addsTo } from '../flows/authorization/adds-to.ts'
import { unlessPromptAsksAgain } from '../flows/authorization/prompt.ts'
import { interactionQueueOf } from '../flows/authorization/queue.ts'
import { createRunning } from '../flows/authorization/running.ts'
import { createInteract } from '../flows/interaction/interact.ts'
import { settleAwaited } from '../flows/relay/settle-awaited.ts'
import { answerOf } from '../flows/response/unusable-answer.ts'
import { findEndedSession } from '../flows/sign-out/ended-session.ts'
import { createSignOut } from '../flows/sign-out/sign-out.ts'
import type { Engine } from '../startup/engine-face.ts'
import { loaded } from '../startup/loaded.ts'
import type { Shell } from '../startup/shell.ts'
import { stayInert } from '../startup/stay-inert.ts'
import { isRenewalMessage, parseTabMessage } from '../tabs/parse-tab-message.ts'
import { acquireTokens, withAnswerTo } from '../tokens/acquire-tokens.ts'
import { createConsent } from '../tokens/consent.ts'
import { createForecaster } from '../tokens/forecaster.ts'
import { createRenewer } from '../tokens/renewer.ts'
import { type Acquire, createAcquire, createSilent } from '../tokens/silent.ts'
import { createNetwork } from './network.ts'
import { openRuntime } from './open-runtime.ts'

export async function createEngine(shell: Shell): Promise<Engine> {
  const { events, channel, closed } = shell
  const { runtime, follower, adopting } = await openRuntime(shell)
  const { config, page, platform, store, custody, accounts, announce } = runtime
  const network = createNetwork(runtime, follower.reloadAccounts)
  // A sign-in probably comes next, and needs the discovery document: fetch it first.
  if (accounts.list().length === 0) network.metadataOf(config.authority).catch(() => undefined)
  if (await adopting) void follower.catchUp()
  const { during, ended } = createWork()
  const acquireToken = createAcquire(runtime, network)
  const acquire: Acquire = (query, options) =>
    during(acquireToken(query, { trace: runtime.trace.begin(), ...options }))
  const renewer = createRenewer(runtime, acquire)
  announce.onAcquired(renewer.used)
  const forecaster = createForecaster(runtime, events, network)
  const ask = createSilent(runtime, { acquire, renewer, settled: follower.settled })
  const silent: typeof ask = (request) => during(ask(request))
  const enqueue = interactionQueueOf(runtime, follower.catchUp)
  const running = createRunning(events, shell.snapshots)
  const interaction = { events, network, enqueue, assertOpen, running, closed }
  const interact = createInteract(runtime, interaction)
  const { signOut, removeAccount } = createSignOut(runtime, interaction)
  const keepStorage = () => {
    if (config.cache.persist) void page.keepStorage().catch(() => undefined)
  }
  events.on('accountAdded', keepStorage)
  const stopWaking = page.onWake((why) => {
    // Read the changes of other tabs first: do not renew for a removed account.
    void (why === 'slept' ? follower.catchUp() : follower.settled()).then(() => {
      if (closed.aborted) return
      renewer.check(why === 'online')
      forecaster.look()
    })
  })

  function assertOpen(): void {
    if (closed.aborted) throw new AuthError('client_closed', 'The client was closed.')
  }

  /** A token request extends the grant of the account; a sign-in starts a new grant. */
  const incremental = <T extends InteractiveRequest>(request: T) => ({
    ...request,
    addsTo: addsTo(request, accounts),
  })

  function askUser(request: AcquireTokenRequest, why: unknown): Promise<AuthenticationResult> {
    const { interaction: how, forceRefresh: _, ...asked } = request
    const wanted = incremental(asked)
    const asking =
      how === 'popup' ? interact.popup(wanted, { why }) : interact.redirect(wanted, { why })
    return during(asking)
  }

  function knownAccount(account: Account): Account {
    checkRequest.account(account)
    const known = accounts.byKey(accountKey(account))
    if (!known) throw new AuthError('account_not_found', 'The account is not signed in here.')
    return known
  }

  return {
    store,
    consent: createConsent(runtime),
    renewals: renewer.planned,
    used: renewer.used,

    activated(account) {
      const writing = store.write(accounts.activate(account))
      // Write first: other tabs read the store when they get the message.
      void during(writing.then(() => announce.activeAccountChanged(account)))
    },

    async signIn(request = {}, opened) {
      checkRequest.interactive(request, page.origin)
      const { interaction: how = 'redirect', ...asked } = request
      const scopes = [...config.scopes, ...(request.scopes ?? [])]
      const wanted = { ...asked, scopes }
      return during(
        how === 'popup' ? interact.popup(wanted, { opened }) : interact.redirect(wanted),
      )
    },

    async acquireToken(request) {
      checkRequest.acquire(request, page.origin)
      const asking = unlessPromptAsksAgain(silent)(request).catch((error) => {
        if (request.interaction === 'none' || !isInteractionRequired(error)) throw error
        return askUser(withAnswerTo(error, request, accounts), error)
      })
      return during(asking)
    },

    async acquireTokens(request) {
      checkRequest.acquire(request, page.origin)
      return during(
        acquireTokens(request, runtime, {
          silent: unlessPromptAsksAgain(silent),
          interact: askUser,
        }),
      )
    },

    async acquireTokenSilent(request) {
      checkRequest.silent(request)
      return silent(request)
    },

    async acquireTokenRedirect(request) {
      checkRequest.interactive(request, page.origin)
      return during(interact.redirect(incremental(request)))
    },

    async acquireTokenPopup(request, opened) {
      checkRequest.interactive(request, page.origin)
      return during(interact.popup(incremental(request), { opened }))
    },

    async ssoSilent(request = {}) {
      checkRequest.sso(request, page.origin)
      return during(interact.sso(request))
    },

    async userInfo(request = {}) {
      checkRequest.userInfo(request)
      const part = loaded(import('../tokens/user-info.ts'))
      return during(
        part.then(({ askUserInfo }) =>
          askUserInfo(request, { clientId: config.clientId, network }, silent),
        ),
      )
    },

    async forecast(account) {
      const owner = account === undefined ? accounts.active() : knownAccount(account)
      if (!owner) throw new AuthError('no_account', 'No user is signed in.')
      return forecaster.forecast(owner)
    },

    async signOut(request = {}, opened) {
      checkRequest.signOut(request, page.origin)
      return during(signOut(request, opened))
    },

    async removeAccount(account) {
      await during(removeAccount(knownAccount(account)))
    },

    async clear() {
      for (const account of accounts.list()) await during(removeAccount(account))
    },

    complete: (response, read) => network.complete(answerOf(response), { read }),

    async hear(data) {
      const message = parseTabMessage(data)
      if (!message) return
      if (isRenewalMessage(message)) network.hear(message)
      else await follower.hear(message)
    },
    catchUp: follower.catchUp,

    async endFramedSession() {
      const session = findEndedSession(page.href())
      if (!session) return
      const { removeSession } = await import('../flows/sign-out/front-channel-logout.ts')
      const { partition, cache } = config
      const wasHere = await removeSession(session, { store, cacheName: cache.name, partition })
      // An app may have its own parameter `sid`: without an account of this session, the app starts.
      if (session.iss !== undefined || wasHere) await stayInert()
    },

    async prefetch() {
      settleAwaited(page, config).catch(() => undefined)
      try {
        if (accounts.list().length > 0) keepStorage()
        await network.metadataOf(config.authority)
        await store.prune(platform.now())
      } catch (error) {
        config.log('info', `The prefetch failed: ${error}`)
      }
    },

    close() {
      stopWaking()
      renewer.close()
      forecaster.close()
      // Work in progress is finished, and other tabs get its messages.
      void ended().then(() => {
        channel.close()
        store.close()
        custody.close()
      })
    },
  }
}
