import type { AuthenticationResult } from './result.ts'

/** How the client starts: with a response of its own, or with what another client makes of one. */
export interface Beginning {
  readonly response?: URLSearchParams | undefined
  readonly arrival?: Promise<AuthenticationResult | null> | undefined
}
