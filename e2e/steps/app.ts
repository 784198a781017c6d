import type { AuthClientOptions, AuthenticationResult, SilentRequest } from '@carnet/browser'
import { expect, type Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from './provider-pages.ts'
import type { World } from './the-world.ts'

/** What an app sees of a call: an answer, or an error in its public words. */
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

/** Options that survive the way into the page; functions are named by what they should do. */
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
    /** By how much the app's clock is ahead of the machine's, in milliseconds. */
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

/** An app that uses the library: the bare page, and what its developer would write there. */
export function createApp(page: Page, world: World, defaults: AppOptions = {}) {
  const { bareUrl, idp } = world
  /** Creates the client, as every app does at its start. */
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

  /** Calls a method of the client and tells what came of it. */
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

  /** Calls a method that leaves the page. What came of it is kept in `window.left`. */
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
     * Asks silently, as an account or in a tenant, and passes the request of the error on to a window as it is.
     *
     * @param whose Picks the account by its name or tenant; default the active one.
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

    /** The whole way of a sign-in by redirect, consent included, up to the restarted app. */
    async signsIn(name = 'Alice Adams', request: object = {}, options: AppOptions = {}) {
      await starts(options)
      await leavesBy('signIn', request)
      await signInAtProvider(page, name)
      await allowAtProvider(page)
      await page.waitForURL(`${bareUrl}**`)
      return starts(options)
    },

    /** Signs in at the provider, whose page is shown, up to the response in the address. */
    async signsInAtProvider(name = 'Alice Adams'): Promise<void> {
      await signInAtProvider(page, name)
      await page.waitForURL(/#.*state=/)
    },

    /** Somebody is signed in, with everything consented to and the app started. */
    async isSignedIn(request: object = {}, name = 'Alice Adams', options: AppOptions = {}) {
      await idp.control.changeSettings({ consent: 'skip', signInAs: userNameOf(name) })
      await starts(options)
      await leavesBy('signIn', request)
      const isResponse = ({ href }: URL) => href.startsWith(bareUrl) && href.includes('state=')
      await page.waitForURL(isResponse)
      await idp.control.changeSettings({ signInAs: null })
      return starts(options)
    },

    /** The app is loaded anew: a document without the client that a story works with. */
    async isLoadedAnew(): Promise<void> {
      const isNew = () => page.evaluate(() => 'carnet' in window && window.auth === undefined)
      await expect.poll(() => isNew().catch(() => false)).toBe(true)
    },

    async returnsTo(url = bareUrl): Promise<void> {
      await page.waitForURL((current) => current.href.startsWith(url))
    },

    /** The app's clock jumps ahead, while it runs. */
    jumps: (ms: number): Promise<void> =>
      page.evaluate((more) => {
        window.aheadMs = (window.aheadMs ?? 0) + more
      }, ms),

    /** Calls a method that opens a window, and shows the window and what will come of it. */
    async opensWindowBy(verb: Verb, request: object = {}) {
      const opening = page.waitForEvent('popup')
      const outcome = calls(verb, request)
      outcome.catch(() => undefined) // A story may end, or the page be left, before anything comes of it.
      return { popup: await opening, outcome }
    },

    /** Asks for a token in a window, and shows the window, the way to cancel, and what will come of it. */
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
        /** Nothing where a token came, else the error. */
        outcome: () => page.evaluate(() => window.left),
      }
    },

    /** How often the provider was asked, by endpoint. */
    async requests() {
      const { counts, tokenGrants } = await idp.control.stats()
      return { ...counts, ...tokenGrants }
    },
  }
}

/** `Alice Adams` is `alice` to the provider. */
const userNameOf = (name: string) => name.split(' ')[0]?.toLowerCase() ?? ''

export type App = ReturnType<typeof createApp>

/** Another tab of the same browser, at the same app. */
export async function anotherTab({ page, world, defaults }: App): Promise<App> {
  const tab = await page.context().newPage()
  await tab.goto(world.bareUrl)
  return createApp(tab, world, defaults)
}
