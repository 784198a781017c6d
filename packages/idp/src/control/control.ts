import type { FaultRequest } from '../model/faults.ts'
import type { Issued } from '../model/issued.ts'
import type { Client } from '../model/options.ts'
import type { OtherOriginReport } from '../model/other-origin-stats.ts'
import type { Settings } from '../model/settings.ts'
import type { Stats } from '../model/stats.ts'

/** The user of an operation. Without a name, the operation affects all users. */
export interface Whom {
  readonly username?: string
}

/** The number of sessions or tokens that an operation ended. */
export interface Ended {
  readonly ended: number
}

/** The operations for tests and for the demo. `/control/*` offers them over HTTP. */
export interface Control {
  stats(): Promise<Stats>
  resetStats(): Promise<void>
  settings(): Promise<Settings>
  /** Changes some settings and keeps the others. @throws {BadInput} */
  changeSettings(changes: Partial<Settings>): Promise<Settings>
  /** @throws {BadInput} */
  addFault(request: FaultRequest): Promise<void>
  /** Removes all faults. Held requests are then processed. */
  clearFaults(): Promise<void>
  revokeRefreshTokens(whom?: Whom): Promise<Ended>
  /** The APIs refuse all access tokens that were issued before. Their answer is the setting `revokedTokens`. */
  revokeAccessTokens(whom?: Whom): Promise<Ended>
  /** Ends browser sessions at the provider. Refresh tokens stay valid. */
  endSessions(whom?: Whom): Promise<Ended>
  /** Deletes the recorded consent. Issued tokens keep their scopes. */
  forgetGrants(whom?: Whom): Promise<void>
  issued(): Promise<Issued>
  /** The requests that arrived at `otherOrigin`, and their headers with tokens. */
  otherOrigin(): Promise<OtherOriginReport>
  /** Adds a client, or replaces the client with the same id. @throws {BadInput} */
  addClient(client: Client): Promise<void>
  /** Restores the initial state, except clients and keys. Held requests are dropped. */
  reset(): Promise<void>
}
