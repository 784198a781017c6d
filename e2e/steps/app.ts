import type { AuthClientOptions, AuthenticationResult, SilentRequest } from '@carnet/browser'
import { expect, type Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from './provider-pages.ts'
import type { World } from './world.ts'

/** The outcome of a call: a result, or the public fields of an error. */
export type Outcome<T> =
  | { readonly answer: T; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: SeenError }

export interface SeenError {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly reason?: string
  readonly correlationId?: string
  readonly oauth?: { error: string; description?: string }
}

/** The options that can be passed to the page as JSON. Extra fields replace functions. */
export type AppOptions = Partial<
  Pick<
    AuthClientOptions,
    | 'clientId'
    | 'authority'
    | 'authorityProfile'
    | 'clientCapabilities'
    | 'scopes'
    | 'defaultScopes'
    | 'metadata'
    | 'cache'
    | 'activeAccount'
    | 'silent'
    | 'interaction'
    | 'renewal'
    | 'signOut'
    | 'postLogoutRedirectUri'
  >
> &
  Pick<
    AuthClientOptions,
    'redirectUri' | 'responseMode' | 'requestTimeoutMs' | 'tokens' | 'verifyIdTokenSignature'
  > & {
    /** The milliseconds by which the clock of the app is ahead of the machine. */
    clockAheadMs?: number
    logsToConsole?: boolean
  }

type Verb =
  | 'signIn'
  | 'acquireToken'
  | 'acquireTokenSilent'
  | 'acquireTokenRedirect'
  | 'acquireTokenPopup'
  | 'ssoSilent'
  | 'userInfo'
  | 'signOut'

/** The bare page as an app, with the calls that its developer would write. */
export function createApp(page: Page, world: World, defaults: AppOptions = {}) {
  const { bareUrl, idp } = world
  /** Creates the client, as every app does at startup. */
  function starts(options: AppOptions = {}): Promise<Outcome<{ username: string | undefined }>> {
    return page.evaluate(
      async ({ clockAheadMs = 0, logsToConsole = false, ...given }) => {
        try {
          window.auth?.close()
          window.aheadMs = clockAheadMs
          window.auth = await window.carnet.createAuthClient({
            clientId: 'spa',
            authority: window.authority,
            clock: { now: () => Date.now() + (window.aheadMs ?? 0) },
            logger: (entry) => logsToConsole && console.log(entry.level, entry.message),
            ...given,
          })
          const { redirectError, activeAccount } = window.auth
          if (redirectError) return { error: window.seen(redirectError) }
          return { answer: { username: activeAccount?.username } }
        } catch (error) {
          return { error: window.seen(error) }
        }
      },
      { ...defaults, ...options },
    )
  }

  /** Calls a method of the client and returns the outcome. */
  function calls<T = AuthenticationResult>(verb: Verb, request: object = {}): Promise<Outcome<T>> {
    return page.evaluate(
      async ([name, argument]) => {
        try {
          return { answer: (await window.auth[name](argument as never)) as never }
        } catch (error) {
          return { error: window.seen(error) }
        }
      },
      [verb, request] as const,
    )
  }

  /** Calls a method that leaves the page. `window.left` keeps the outcome. */
  function leavesBy(verb: Verb, request: object = {}): Promise<void> {
    return page.evaluate(
      ([name, argument]) => {
        window.left = Promise.resolve(window.auth[name](argument as never)).then(
          () => undefined,
          (error) => window.seen(error),
        )
      },
      [verb, request] as const,
    )
  }

  return {
    page,
    world,
    defaults,
    idp,
    starts,
    calls,
    leavesBy,
    /**
     * Acquires a token silently, then passes the request of the error to `acquireTokenPopup` unchanged.
     *
     * @param whose The name or the tenant of the account. Default: the active account.
     */
    async passesOn(request: object, whose?: string) {
      const failed = await page.evaluate(
        async ([asked, name]) => {
          const account = window.auth.accounts.find((one) =>
            [one.name, one.tenantId].includes(name),
          )
          const silent = { ...(asked as { scopes: string[] }), ...(account && { account }) }
          window.failed = await window.auth.acquireTokenSilent(silent).catch((error) => error)
          return window.seen(window.failed)
        },
        [request, whose] as const,
      )
      const opening = page.waitForEvent('popup')
      const outcome: Promise<Outcome<AuthenticationResult>> = page.evaluate(async () => {
        try {
          return { answer: await window.auth.acquireTokenPopup(window.failed.request) }
        } catch (error) {
          return { error: window.seen(error) }
        }
      })
      return { failed, popup: await opening, outcome }
    },
    asks: (scopes: readonly string[], request: Omit<SilentRequest, 'scopes'> = {}) =>
      calls('acquireTokenSilent', { scopes, ...request }),

    /** Signs in by redirect, with consent, and restarts the app. */
    async signsIn(name = 'Alice Adams', request: object = {}, options: AppOptions = {}) {
      await starts(options)
      await leavesBy('signIn', request)
      await signInAtProvider(page, name)
      await allowAtProvider(page)
      await page.waitForURL(`${bareUrl}**`)
      return starts(options)
    },

    /** Signs in on the page of the provider, and waits for the authorization response in the address. */
    async signsInAtProvider(name = 'Alice Adams'): Promise<void> {
      await signInAtProvider(page, name)
      await page.waitForURL(/#.*state=/)
    },

    /** Signs a user in with consent to all scopes, and restarts the app. */
    async isSignedIn(request: object = {}, name = 'Alice Adams', options: AppOptions = {}) {
      await idp.control.changeSettings({ consent: 'skip', signInAs: userNameOf(name) })
      await starts(options)
      await leavesBy('signIn', request)
      const isResponse = ({ href }: URL) => href.startsWith(bareUrl) && href.includes('state=')
      await page.waitForURL(isResponse)
      await idp.control.changeSettings({ signInAs: null })
      return starts(options)
    },

    /** Waits until the app is reloaded: a new document without a client. */
    async isLoadedAnew(): Promise<void> {
      const isNew = () => page.evaluate(() => 'carnet' in window && window.auth === undefined)
      await expect.poll(() => isNew().catch(() => false)).toBe(true)
    },

    async returnsTo(url = bareUrl): Promise<void> {
      await page.waitForURL((current) => current.href.startsWith(url))
    },

    /** Moves the clock of the running app forward. */
    jumps: (ms: number): Promise<void> =>
      page.evaluate((more) => {
        window.aheadMs = (window.aheadMs ?? 0) + more
      }, ms),

    /** Calls a method that opens a popup. Returns the popup and the promise of the outcome. */
    async opensWindowBy(verb: Verb, request: object = {}) {
      const opening = page.waitForEvent('popup')
      const outcome = calls(verb, request)
      outcome.catch(() => undefined) // The story may end, or the page may unload, before the call settles.
      return { popup: await opening, outcome }
    },

    /** Acquires a token by popup. Returns the popup, a function to cancel, and the outcome. */
    async opensWindowToCancel(request: object = {}) {
      const opening = page.waitForEvent('popup')
      await page.evaluate((asked) => {
        const cancel = new AbortController()
        Object.assign(window, { cancel: () => cancel.abort() })
        window.left = window.auth
          .acquireTokenPopup({ ...asked, signal: cancel.signal })
          .then(() => undefined, window.seen)
      }, request)
      return {
        popup: await opening,
        cancels: () => page.evaluate(() => window.cancel()),
        /** The error, or `undefined` if the call returned a token. */
        outcome: () => page.evaluate(() => window.left),
      }
    },

    /** The number of requests to the provider, by endpoint and grant type. */
    async requests() {
      const { counts, tokenGrants } = await idp.control.stats()
      return { ...counts, ...tokenGrants }
    },
  }
}

/** The user name of `Alice Adams` is `alice`. */
const userNameOf = (name: string) => name.split(' ')[0]?.toLowerCase() ?? ''

export type App = ReturnType<typeof createApp>

/** Opens the same app in another tab of the browser. */
export async function anotherTab({ page, world, defaults }: App): Promise<App> {
  const tab = await page.context().newPage()
  await tab.goto(world.bareUrl)
  return createApp(tab, world, defaults)
}
