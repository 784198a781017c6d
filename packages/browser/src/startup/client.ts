import { type Account, AuthError, accountKey } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { createCacheAnswers, type RequestMode } from './answer-from-cache.ts'
import { createClicks } from './clicks.ts'
import type { Engine } from './engine-face.ts'
import { loaded } from './page/loaded.ts'
import type { Shell } from './shell.ts'

/** The public interface of a client. It answers from the cache, and passes all other calls to the engine. */
export interface Client {
  readonly auth: AuthClient
  /** Returns the engine, and loads it at the first call. */
  engine(): Promise<Engine>
  /** Applies changes of other tabs. Calls wait for it, so that no answer is out of date. */
  follow(work: (engine: Engine) => Promise<void>): void
  /** Returns the client to the app, and schedules the prefetch of the engine. */
  expose(outcome: RedirectOutcome): AuthClient
}

/** The outcome of the response in the URL. */
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
  let loading: Promise<Engine> | undefined
  let engine: Engine | undefined
  let following: Promise<void> | undefined
  let isClosed = false
  let redirect: RedirectOutcome = {}
  /** The tokens that were returned before the engine was loaded. */
  const used = new Map<Parameters<Engine['used']>[1], Parameters<Engine['used']>[0]>()
  const fromCache = createCacheAnswers(shell, (query, record) =>
    engine ? engine.used(query, record) : used.set(record, query),
  )

  function start(): Promise<Engine> {
    loading ??= loaded(parts.load()).then(
      (there) => {
        engine = there
        for (const [record, query] of used) there.used(query, record)
        // Calls that were made before go first.
        if (isClosed) setTimeout(endWhenLoaded)
        return there
      },
      (error) => {
        loading = undefined // The next call tries again.
        if (isClosed) end()
        throw error
      },
    )
    return loading
  }

  /** Ends when the parts for earlier calls have loaded: these calls go on. */
  function endWhenLoaded(): void {
    const pending = engine?.pending()
    if (pending) void pending.then(() => setTimeout(end))
    else end()
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

  /** Passes a call to the engine; synchronously if it is loaded. */
  async function hand<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    assertOpen()
    return call(engine ?? (await start()))
  }

  const handInClick = createClicks(shell, { engine: () => engine, start, hand, assertOpen })

  /** Answers from the cache, or passes the request to the engine. */
  async function answer(
    request: SilentRequest,
    mode: RequestMode,
    call: (engine: Engine) => Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> {
    assertOpen()
    if (following) await following
    const found = fromCache(request, mode)
    // A token in memory is returned without another microtask.
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
      handInClick({ ...request }, (there, opened) => there.signOut(request, opened), 'signOut'),
    removeAccount: (account) => hand((there) => there.removeAccount(account)),
    clear: () => hand((there) => there.clear()),
    on: events.on,
    close() {
      if (isClosed) return
      isClosed = true
      events.clear()
      if (engine || !loading) endWhenLoaded() // An engine that is on its way closes when it is there.
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
          config.log('warn', `A change of another tab was not applied: ${error}`)
          // One after the other: otherwise two reads report the same change.
          await earlier
          // The accounts can be read without the engine.
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
      // Most apps redirect to the provider as soon as they know that no user is signed in.
      if (accounts.list().length > 0) shell.page.whenIdle(prefetch)
      else {
        shell.page.preconnect(config.authority)
        // The sign-in loads beside the engine.
        import('../flows/interaction/create-flows.ts').catch(() => undefined)
        void prefetch()
      }
      return auth
    },
  }
}

const NO_RENEWALS: AuthClient['renewals'] = Object.freeze([])
