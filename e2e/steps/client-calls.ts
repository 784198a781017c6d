import type { AuthenticationResult, SilentRequest } from '@carnet/browser'
import type { Page } from '@playwright/test'
import type { AppOptions, Outcome, Started, Verb } from './app-options.ts'

/** The calls of an app in `page` to its client. */
export function createClientCalls(page: Page, defaults: AppOptions) {
  return {
    starts: (options: AppOptions = {}) => startClient(page, { ...defaults, ...options }),

    /** Calls a method of the client and returns the outcome. */
    calls: <T = AuthenticationResult>(verb: Verb, request: object = {}) =>
      callClient<T>(page, verb, request),

    asks: (scopes: readonly string[], request: Omit<SilentRequest, 'scopes'> = {}) =>
      callClient<AuthenticationResult>(page, 'acquireTokenSilent', { scopes, ...request }),

    /** Calls a method that leaves the page. `window.left` keeps the outcome. */
    leavesBy: (verb: Verb, request: object = {}): Promise<void> =>
      page.evaluate(
        ([name, argument]) => {
          window.left = Promise.resolve(window.auth[name](argument as never)).then(
            () => undefined,
            (error) => window.seen(error),
          )
        },
        [verb, request] as const,
      ),

    /** Moves the clock of the running app forward. */
    jumps: (ms: number): Promise<void> =>
      page.evaluate((more) => {
        window.aheadMs = (window.aheadMs ?? 0) + more
      }, ms),
  }
}

export type ClientCalls = ReturnType<typeof createClientCalls>

/** Creates the client, as every app does at startup. */
function startClient(page: Page, options: AppOptions): Promise<Started> {
  return page.evaluate(
    async ({ clockAheadMs = 0, logsToConsole = false, serviceWorker, workerFile, ...given }) => {
      try {
        window.auth?.close()
        window.aheadMs = clockAheadMs
        window.auth = await window.carnet.createAuthClient({
          clientId: 'spa',
          authority: window.authority,
          clock: { now: () => Date.now() + (window.aheadMs ?? 0) },
          logger: (entry) => logsToConsole && console.log(entry.level, entry.message),
          ...(serviceWorker !== undefined && {
            tokenServiceWorker: () => navigator.serviceWorker.register(serviceWorker),
          }),
          ...(workerFile !== undefined && {
            tokenWorker: () => {
              const options = { name: 'carnet', extendedLifetime: true }
              return new SharedWorker(workerFile, options) as never
            },
          }),
          ...given,
        })
        const { redirectError, activeAccount } = window.auth
        if (redirectError) return { error: window.seen(redirectError) }
        return { answer: { username: activeAccount?.username } }
      } catch (error) {
        return { error: window.seen(error) }
      }
    },
    options,
  )
}

/** Calls a method of the client and returns the outcome. */
function callClient<T>(page: Page, verb: Verb, request: object): Promise<Outcome<T>> {
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
