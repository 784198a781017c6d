import type { Connection } from '../carnet/connection.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import type { Users } from './users.ts'

/** The parts that flows work with. */
export interface FlowDeps {
  readonly settings: UserManagerSettingsStore
  readonly connection: Connection
  readonly users: Users
}
