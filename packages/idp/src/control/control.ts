import type { FaultRequest } from '../model/faults.ts'
import type { Issued } from '../model/issued.ts'
import type { Client } from '../model/options.ts'
import type { Settings } from '../model/settings.ts'
import type { Stats } from '../model/stats.ts'

/** Whom an operation is about; everybody when there is no name. */
export interface Whom {
  readonly username?: string
}

/** How many sessions, grants or tokens an operation has ended. */
export interface Ended {
  readonly ended: number
}

/** What tests and the demo can do to the provider; `/control/*` offers the same over HTTP. */
export interface Control {
  stats(): Promise<Stats>
  resetStats(): Promise<void>
  settings(): Promise<Settings>
  /** The other settings stay as they are. @throws {BadInput} */
  changeSettings(changes: Partial<Settings>): Promise<Settings>
  /** @throws {BadInput} */
  addFault(request: FaultRequest): Promise<void>
  /** Held requests are processed after all. */
  clearFaults(): Promise<void>
  revokeRefreshTokens(whom?: Whom): Promise<Ended>
  /** Ends browser sessions at the provider; the refresh tokens live on. */
  endSessions(whom?: Whom): Promise<Ended>
  /** Forgets what users have consented to; tokens that are out keep their scopes. */
  forgetGrants(whom?: Whom): Promise<void>
  issued(): Promise<Issued>
  /** Adds a client, or replaces the one of that id. @throws {BadInput} */
  addClient(client: Client): Promise<void>
  /** Everything back to the start, except the clients and the keys. Held requests are dropped. */
  reset(): Promise<void>
}
