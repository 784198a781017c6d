import { type Account, AuthError, accountKey } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { createCacheAnswers, type RequestMode } from './answer-from-cache.ts'
import type { Engine } from './engine-face.ts'
import { loaded } from './loaded.ts'
import { type OpenedWindow, openWindow } from './open-window.ts'
import { sharedOnPage, shareOnPage } from './shared-on-page.ts'
import type { Shell } from './shell.ts'

/** The public face of a client: it answers from the cache, and hands on what takes more than that. */
export interface Client {
  readonly auth: AuthClient
  /** The engine; it is loaded where it is not there yet. */
  engine(): Promise<Engine>
  /** Another tab said something, or what they said may have been lost: nothing is answered before that is known. */
  follow(work: (engine: Engine) => Promise<void>): void
  /** Returns the client to the app, and schedules the prefetch of the engine. */
  expose(outcome: RedirectOutcome): AuthClient
}

/** The outcome of the response in the address. */
export interface RedirectOutcome {
  readonly result?: AuthenticationResult | null | undefined
  readonly error?: AuthError
}

export function createClient(
  shell: Shell,
  parts: {
    load: () => Promise<Engine>
    close: () => void
  },
): Client {
  const { config, accounts, events } = shell
  const { mark } = config
  let loading: Promise<Engine> | undefined
  let engine: Engine | undefined
  let following: Promise<void> | undefined
  let isClosed = false
  let redirect: RedirectOutcome = {}
  /** What was handed out before the engine was there. */
  const used = new Map<Parameters<Engine['used']>[1], Parameters<Engine['used']>[0]>()
  const fromCache = createCacheAnswers(shell, (query, record) =>
    engine ? engine.used(query, record) : used.set(record, query),
  )

  function start(): Promise<Engine> {
    loading ??= loaded(parts.load()).then(
      (there) => {
        engine = there
        for (const [record, query] of used) there.used(query, record)
        // What was asked before it was closed goes first.
        if (isClosed) setTimeout(end)
        return there
      },
      (error) => {
        loading = undefined // Tried again at the next need.
        if (isClosed) end()
        throw error
      },
    )
    return loading
  }

  function end(): void {
    parts.close()
    if (engine) engine.close()
    else {
      shell.channel.close()
      shell.first?.opening.then((database) => database.close()).catch(() => undefined)
    }
  }

  function assertOpen(): void {
    if (isClosed) throw new AuthError('client_closed', 'The client was closed.')
  }

  /** Hands a call on to the engine: at once where it is there. */
  async function hand<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    assertOpen()
    return call(engine ?? (await start()))
  }

  /**
   * The same, where the click must open the window: nothing may be waited for before. While the page has one open,
   * whoever comes next finds out from the engine whether theirs is another request.
   */
  async function handInClick<T>(
    { interaction, signal }: { interaction?: unknown; signal?: unknown },
    call: (engine: Engine, opened?: OpenedWindow) => Promise<T>,
  ): Promise<T> {
    const before = sharedOnPage('window1', mark)
    if (before && !engine) await Promise.allSettled([before])
    if (before || interaction !== 'popup') return hand(call)
    assertOpen()
    const opened = engine ? undefined : openWindow(config.interaction.popupFeatures)
    const arriving = opened ? whileLoading(shell, opened.window, signal, start()) : start()
    shareOnPage('window1', mark, arriving)
    try {
      return await call(engine ?? (await arriving), opened)
    } finally {
      shareOnPage('window1', mark, undefined)
      opened?.window.close() // Where it was of no use.
    }
  }

  /** Answers from the cache, or hands the request on. */
  async function answer(
    request: SilentRequest,
    mode: RequestMode,
    call: (engine: Engine) => Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> {
    assertOpen()
    if (following) await following
    const found = fromCache(request, mode)
    // A token in memory is returned without one more wait.
    return (found instanceof Promise ? await found : found) ?? hand(call)
  }

  function knownAccount(account: Account): Account {
    const known = accounts.record(account)?.account
    if (!known) throw new AuthError('account_not_found', 'The account is not signed in here.')
    return known
  }

  const auth: AuthClient = {
    consent: {
      plan: (scopes, question) => hand(({ consent }) => consent.plan(scopes, question)),
      entries: (account) => hand(({ consent }) => consent.entries(account)),
    },
    get accounts() {
      return accounts.list()
    },
    get activeAccount() {
      return accounts.active() ?? null
    },
    snapshot: shell.snapshots.read,
    get redirectResult() {
      return redirect.result ?? null
    },
    get redirectError() {
      return redirect.error ?? null
    },
    get renewals() {
      return engine?.renewals() ?? NO_RENEWALS
    },

    setActiveAccount(account) {
      assertOpen()
      const known = account === null ? undefined : knownAccount(account)
      accounts.setActive(known && accountKey(known))
      shell.snapshots.publish()
      void hand(async (there) => there.activated(known)).catch(() => undefined)
    },

    acquireToken: (request) =>
      answer(request, 'interactive', (there) => there.acquireToken(request)),
    acquireTokenSilent: (request) =>
      answer(request, 'silent', (there) => there.acquireTokenSilent(request)),
    acquireTokens: (request) => hand((there) => there.acquireTokens(request)),
    acquireTokenRedirect: (request) => hand((there) => there.acquireTokenRedirect(request)),
    acquireTokenPopup: (request) =>
      handInClick({ ...request, interaction: 'popup' }, (there, opened) =>
        there.acquireTokenPopup(request, opened),
      ),
    userInfo: (request) => hand((there) => there.userInfo(request)),
    signIn: (request) =>
      handInClick({ ...request }, (there, opened) => there.signIn(request, opened)),
    ssoSilent: (request) => hand((there) => there.ssoSilent(request)),
    forecast: (account) => hand((there) => there.forecast(account)),
    signOut: (request) =>
      handInClick({ ...request }, (there, opened) => there.signOut(request, opened)),
    removeAccount: (account) => hand((there) => there.removeAccount(account)),
    clear: () => hand((there) => there.clear()),
    on: events.on,
    close() {
      if (isClosed) return
      isClosed = true
      events.clear()
      if (engine || !loading) end() // An engine that is on its way closes when it is there.
    },
  }

  return {
    auth,
    engine: start,
    follow(work) {
      if (isClosed) return
      const earlier = following
      const done: Promise<void> = start()
        .then(work)
        .catch(async (error) => {
          config.log('warn', `Not followed: ${error}`)
          // One after the other: otherwise two readings report the same change.
          await earlier
          // The store can be asked without the engine.
          shell.tokens.forgetAll()
          const before = accounts.activeId()
          return accounts.load(() => {
            if (accounts.activeId() !== before)
              events.emit('activeAccountChanged', { account: accounts.active() ?? null })
            else shell.snapshots.publish()
          })
        })
        .catch(() => undefined)
        .finally(() => {
          if (following === done) following = undefined
        })
      following = done
    },
    expose(outcome) {
      redirect = outcome
      shell.snapshots.note({ error: outcome.error ?? null })
      const prefetch = () =>
        hand((there) => there.prefetch()).catch((error) =>
          config.log('info', `The prefetch failed: ${error}`),
        )
      // The commonest app redirects to the provider as soon as it knows that nobody is signed in.
      if (accounts.list().length > 0) shell.page.whenIdle(prefetch)
      else {
        shell.page.preconnect(config.authority)
        void prefetch()
      }
      return auth
    },
  }
}

/**
 * Waits for the engine until the user closes the window, or `signal` aborts. No engine tells the page then that the
 * interaction has failed.
 */
async function whileLoading(
  shell: Shell,
  window: Window,
  signal: unknown,
  loading: Promise<Engine>,
): Promise<Engine> {
  loading.catch(() => undefined) // Heard of below, if that part loads.
  const { whileUnloaded } = await loaded(import('../flows/popup/while-unloaded.ts'))
  return whileUnloaded(shell, window, signal, loading)
}

const NO_RENEWALS: AuthClient['renewals'] = Object.freeze([])
