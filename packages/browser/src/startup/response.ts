/** The types of a response in the address, from the page that loads to the flow that completes it. */
import type { AuthenticationResult } from '../api/result.ts'
import type { Client, RedirectOutcome } from './client.ts'

/** How a response is expected: the page itself waits for it, or another page does. */
export type ResponseKind = 'redirect' | 'popup' | 'iframe' | 'signOut' | 'signOutRedirect'

/** An address that may have a response, and the `state` that this tab waits for. */
export interface Address {
  readonly href: string
  readonly awaited: string | undefined
  /** True if the parameters are out of the address until it is known what they are. */
  readonly isCleared: boolean | undefined
}

/** A response that a copy of the library took out of the address of this page. Copies share it: see `shared-on-page.ts`. */
export interface Arrival {
  readonly result: Promise<AuthenticationResult | null>
  /** When the response was taken, by `performance.now()`. */
  readonly atMs: number
  /** The copy that took it: its `createAuthClient`. */
  readonly by: unknown
  /** Whether the result is there. */
  isOver?: boolean
}

export interface ResponseInUrl {
  readonly parameters: URLSearchParams
  readonly state: string
  /** The kind of response that the `state` announces. */
  readonly kind: ResponseKind
  /**
   * True for the response of a window or a frame that another client waits for. It is handed over, and stays in the
   * address until somebody has taken it.
   */
  readonly isForeign: boolean
  /** True for a response that this tab waits for under `state`, and that nobody can use: see `asUnusable`. */
  readonly isUnusable?: boolean
  /** The address without the response. */
  readonly cleanUrl: string
}

/** The response of a page, before its client is open. */
export interface Received {
  /** True if the address had a response. */
  readonly isResponse?: boolean
  /** Completes the response by the engine, if no other page does. `read` resolves when the accounts are known. */
  outcome(client: Client, read: Promise<void>): Promise<RedirectOutcome>
}
