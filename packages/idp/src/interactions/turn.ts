import type { State } from '../state/state.ts'
import type { Context, Interaction } from '../vendor/oidc-provider.ts'

/** The request of one interaction page, with its dependencies. */
export interface Turn {
  readonly context: Context
  readonly interaction: Interaction
  readonly issuer: string
  /** The submitted form; undefined for a first visit. */
  readonly form: URLSearchParams | undefined
  readonly state: State
  /** Ends the interaction. The browser continues to the app or to the next page. */
  finish(result: NonNullable<Interaction['result']>): Promise<void>
}
