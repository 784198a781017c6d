/** Everything that a page does beyond answering from the cache. Loads when it is first needed, or when the page is idle. */

import { oidcDialect } from '@carnet/core'
import { AWAITED } from '@carnet/core/base'
import type { InteractiveRequest } from '../api/requests.ts'
import { checkRequest } from '../checks/check-request.ts'
import { findEndedSession } from '../flows/sign-out/ended-session.ts'
import { lazily } from '../platform/lazily.ts'
import type { Engine } from '../startup/engine-api.ts'
import { loaded } from '../startup/page/loaded.ts'
import { stayInert } from '../startup/page/stay-inert.ts'
import type { StartContext } from '../startup/start-context.ts'
import { isRenewalMessage, parseTabMessage } from '../tabs/parse-tab-message.ts'
import { createConsent } from '../tokens/consent.ts'
import { createCalls } from './calls.ts'
import { openParts, type Parts } from './open-parts.ts'

/** Creates the engine of a client on the parts that its page started with. */
export async function createEngine(started: StartContext, dialect = oidcDialect): Promise<Engine> {
  const parts = await openParts(started, dialect)
  const { context, follower, provider, flows, signOut, renewer, forecaster, work } = parts
  const { config, page, platform, store, custody, accounts, announce } = context
  const ofClicks = { authorization: flows, signOut }
  const rare = lazily(() => loaded(import('./rare-calls.ts')))
  const { keepStorage, stop } = keepUp(parts)
  const calls = createCalls(parts)

  return {
    ...calls,
    parts,
    store,
    pass(name, given, href) {
      // The page passes the arguments of the call unchanged.
      const make = (all: object) => (all as Record<string, Call>)[name]?.(...given)
      if (name in calls) return make(calls) as Promise<unknown>
      return work.track(rare.get().then((part) => make(part.createRareCalls(parts, href))))
    },
    consent: createConsent(context),
    renewals: renewer.planned,
    used: (query, record) => renewer.used({ ...query, dialect }, record),

    activated(account) {
      const writing = store.write(accounts.activate(account))
      // Write first: other tabs read the store when they get the message.
      void work.track(writing.then(() => announce.activeAccountChanged(account)))
    },

    complete: async (response, read) => (await flows.get()).completeResponse(response, read),
    async finishEarlier() {
      try {
        return { result: await (await flows.get()).finishEarlier() }
      } catch (error) {
        config.log('warn', `A sign-in of an earlier page was not finished: ${error}`)
        return {}
      } finally {
        // Another tab may have finished a sign-in meanwhile.
        await accounts.load().catch(() => undefined)
      }
    },
    pending() {
      const loading = [flows.pending(), signOut.pending(), rare.pending()].filter(
        (part) => part !== undefined,
      )
      return loading.length > 0 ? Promise.allSettled(loading) : undefined
    },
    assertAskable(request) {
      checkRequest.interactive(request, page.origin)
      const { scopes = [], extraScopesToConsent = [] } = request as InteractiveRequest
      config.dialect.assertAskable(scopes, extraScopesToConsent)
    },
    isPrepared: (part) => ofClicks[part].isLoaded(),
    async prepare(part) {
      await ofClicks[part].get()
    },

    async onMessage(data) {
      const message = parseTabMessage(data)
      if (!message) return
      if (isRenewalMessage(message)) provider.onMessage(message)
      else await follower.onMessage(message)
    },
    resync: follower.resync,
    endFramedSession: () => endFramedSession(parts),

    async prefetch() {
      settleAwaited(parts)
      try {
        if (accounts.list().length > 0) keepStorage()
        // The worker with the refresh tokens ends if no page is connected to it.
        if (accounts.list().length > 0 && config.tokens === 'worker') custody.attend()
        await provider.metadataOf(config.authority)
        await store.prune(platform.now())
        if (accounts.list().length > 0) await (await context.dpop?.get())?.sweep()
      } catch (error) {
        config.log('info', `The prefetch failed: ${error}`)
      }
    },

    close() {
      stop()
      renewer.close()
      forecaster.close()
      // Work under way is kept, and other tabs hear of it.
      void work.whenIdle().then(() => {
        context.channel.close()
        if (context.dpop?.isLoaded()) void context.dpop.get().then((part) => part.close())
        store.close()
        custody.close()
      })
    },
  }
}

type Call = (...given: readonly unknown[]) => Promise<unknown>

/** Follows the page: it may wake up, get a network again, or sign a user in. */
function keepUp({ context, follower, renewer, forecaster }: Parts) {
  const { config, page } = context
  const keepStorage = () => {
    if (config.cache.persist) void page.keepStorage().catch(() => undefined)
  }
  context.events.on('accountAdded', keepStorage)
  const stop = page.onWake((why) => {
    // Changes by other tabs come first: nothing is renewed for an account that is gone.
    void (why === 'slept' ? follower.resync() : follower.whenSettled()).then(() => {
      if (context.closed.aborted) return
      renewer.check(why === 'online')
      forecaster.look()
    })
  })
  return { keepStorage, stop }
}

/** Settles a response that this tab still waits for although the app in it has started. */
function settleAwaited({ context: { page }, flows }: Parts): void {
  if (page.frameName() !== undefined || page.tabNote(AWAITED) === undefined) return
  flows
    .get()
    .then((there) => there.settleAwaited())
    .catch(() => undefined)
}

/** Ends a session for the frame of OpenID Connect Front-Channel Logout 1.0. */
async function endFramedSession({ context: { config, page, store } }: Parts): Promise<void> {
  const session = findEndedSession(page.href())
  if (!session) return
  const { removeSession } = await import('../flows/sign-out/front-channel-logout.ts')
  const { partition, cache } = config
  const wasHere = await removeSession(session, { store, cacheName: cache.name, partition })
  // An app may have a parameter `sid` of its own: with no account of that session, its page starts.
  if (session.iss !== undefined || wasHere) await stayInert()
}
