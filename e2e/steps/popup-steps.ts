import type { AuthenticationResult } from '@carnet/browser'
import type { Page } from '@playwright/test'
import type { Outcome, Verb } from './app-options.ts'
import type { ClientCalls } from './client-calls.ts'

/** The steps of an app in `page` that open a popup. */
export function createPopupSteps(page: Page, { calls }: ClientCalls) {
  return {
    /** Calls a method that opens a popup. Returns the popup and the promise of the outcome. */
    async opensPopupBy(verb: Verb, request: object = {}) {
      const opening = page.waitForEvent('popup')
      const outcome = calls(verb, request)
      outcome.catch(() => undefined) // The story may end, or the page may unload, before the call settles.
      return { popup: await opening, outcome }
    },

    /** Acquires a token by popup. Returns the popup, a function to cancel, and the outcome. */
    async opensPopupToCancel(request: object = {}) {
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
  }
}
