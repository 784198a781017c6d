import type { IncomingMessage } from 'node:http'
import { type Browsers, createBrowsers } from '../accounts/browsers.ts'
import { type Clients, createClients } from '../accounts/clients.ts'
import { type Consents, createConsents } from '../accounts/consents.ts'
import { createUsers, type Users } from '../accounts/users.ts'
import { createFaults, type Faults, type ResponseFault } from '../model/faults.ts'
import { createIssuedStore, type IssuedStore } from '../model/issued.ts'
import { createNonces, type Nonces } from '../model/nonces.ts'
import { defaultClients, defaultUsers, type IdentityProviderOptions } from '../model/options.ts'
import { createOtherOriginStats, type OtherOriginStats } from '../model/other-origin-stats.ts'
import { parseSettings } from '../model/parse-settings.ts'
import { createRevokedTokens, type RevokedTokens } from '../model/revoked-tokens.ts'
import { createSettingsStore, type SettingsStore } from '../model/settings.ts'
import { createStatsStore, type StatsStore } from '../model/stats.ts'
import { type Calendar, createCalendar } from './calendar.ts'
import { createMemoryStore, type MemoryStore } from './memory-store.ts'

/** All data of one provider. */
export interface State {
  readonly browsers: Browsers
  readonly calendar: Calendar
  readonly clients: Clients
  readonly consents: Consents
  readonly faults: Faults
  readonly issued: IssuedStore
  /** The nonces of the authorization server and of the APIs. */
  readonly nonces: { readonly authorizationServer: Nonces; readonly api: Nonces }
  readonly otherOrigin: OtherOriginStats
  readonly revokedTokens: RevokedTokens
  readonly settings: SettingsStore
  readonly stats: StatsStore
  readonly store: MemoryStore
  readonly users: Users
  /** True if the server asks clients for a certificate. */
  readonly isMutualTls: boolean
  /** The front door sets these faults; the middleware that changes responses reads them. */
  readonly answerFaults: WeakMap<IncomingMessage, ResponseFault>
}

/** @throws {BadInput} If a setting or a client is invalid. */
export function createState(options: IdentityProviderOptions): State {
  const settings = createSettingsStore(parseSettings(options.settings ?? {}))
  const lifetime = () => ({ nonceLifetime: settings.get().nonceLifetime })
  return {
    browsers: createBrowsers(),
    calendar: createCalendar(),
    clients: createClients(options.clients ?? defaultClients),
    consents: createConsents(),
    faults: createFaults(),
    issued: createIssuedStore(),
    nonces: {
      authorizationServer: createNonces(() => ({
        ...lifetime(),
        mode: settings.get().authorizationServerNonces,
      })),
      api: createNonces(() => ({ ...lifetime(), mode: settings.get().apiNonces })),
    },
    otherOrigin: createOtherOriginStats(),
    revokedTokens: createRevokedTokens(),
    settings,
    stats: createStatsStore(),
    store: createMemoryStore(() => settings.get().refreshTokenGrace),
    users: createUsers(options.users ?? defaultUsers),
    isMutualTls: options.mutualTls ?? false,
    answerFaults: new WeakMap(),
  }
}
