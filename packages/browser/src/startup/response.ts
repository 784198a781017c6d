/** The types of a response in the URL. */
import type { AuthenticationResult } from '../api/result.ts'
import type { Client } from './client.ts'
import type { RedirectOutcome } from './create-auth.ts'

/** The kind of the request that waits for a response. */
export type ResponseKind = 'redirect' | 'popup' | 'iframe' | 'signOut' | 'signOutRedirect'

/** A URL that may have a response, and the `state` that this tab waits for. */
export interface Address {
  readonly href: string
  readonly awaited: string | undefined
  /** True if the parameters were removed from the URL until they are parsed. */
  readonly isCleared: boolean | undefined
}

/** A response that a copy of the library removed from the URL of this page. Copies share it: see `shared-on-page.ts`. */
export interface PendingResponse {
  readonly result: Promise<AuthenticationResult | null>
  /** When the response was taken, by `performance.now()`. */
  readonly atMs: number
  /** The copy that took it: its `createAuthClient`. */
  readonly by: unknown
  /** True if the result has arrived. */
  isOver?: boolean
}

export interface ResponseInUrl {
  readonly parameters: URLSearchParams
  readonly state: string
  /** The kind of response, by its `state`. */
  readonly kind: ResponseKind
  /**
   * True for the response of a popup or an iframe that another client waits for. It is delivered, and stays in the URL until a
   * client has taken it.
   */
  readonly isForeign: boolean
  /** True for a response that this tab waits for under `state`, but that cannot be used: see `asUnusable`. */
  readonly isUnusable?: boolean
  /** The URL without the response. */
  readonly cleanUrl: string
}

/** The response of a page, before its client is open. */
export interface Received {
  /** True if the URL had a response. */
  readonly isResponse?: boolean
  /** Completes the response with the engine, if no other page does. `read` resolves when the accounts are read. */
  outcome(client: Client, read: Promise<void>): Promise<RedirectOutcome>
}
