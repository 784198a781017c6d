import type { BrowserConfiguration, INavigationClient } from '@azure/msal-browser'
import type { Logger } from '@azure/msal-common/browser'
import type { AuthClient } from '@carnet/browser'
import type { Accounts } from '../accounts/accounts.ts'
import type { ActiveAccount } from '../accounts/active-account.ts'
import type { EventHandler } from '../events/event-handler.ts'
import type { PendingRedirect } from './pending-redirect.ts'

/** The parts of one application object that its calls share. */
export interface AppContext {
  readonly config: BrowserConfiguration
  /** True if the provider speaks the dialect of Entra (`protocolMode: 'AAD'`). */
  readonly isEntra: boolean
  readonly events: EventHandler
  readonly accounts: Accounts
  readonly active: ActiveAccount
  readonly pending: PendingRedirect
  logger(): Logger
  navigation(): INavigationClient
  /** The client of Carnet. @throws BrowserAuthError before `initialize` has ended, and outside of a browser. */
  auth(): AuthClient
}
