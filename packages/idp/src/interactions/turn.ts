import type { State } from '../state/state.ts'
import type { Context, Interaction } from '../vendor/oidc-provider.ts'

/** What a page works with. */
export interface Turn {
  readonly context: Context
  readonly interaction: Interaction
  readonly issuer: string
  /** There when the page has been answered. */
  readonly form: URLSearchParams | undefined
  readonly state: State
  /** Ends the interaction; the browser goes on to the app, or to the next page. */
  finish(result: NonNullable<Interaction['result']>): Promise<void>
}
