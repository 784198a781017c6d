import type {
  AskedType,
  AuthorityProfile,
  LogLevel,
  ProviderDialect,
  TabAccount,
} from '@carnet/core'
import type { ResourceMatch, ResourceRules } from '@carnet/core/resources'
import type {
  AuthClientOptions,
  CacheOptions,
  InteractionOptions,
  RenewalOptions,
  SignOutOptions,
  SilentOptions,
} from './options.ts'

/** Options with all defaults filled in. */
export type Filled<Options> = {
  readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined>
}

/** The options for the location of tokens. */
export type CacheConfig = Filled<Omit<CacheOptions, 'store'>> & Pick<CacheOptions, 'store'>

/** The option `dpop`, if it is not false. */
export interface DpopConfig {
  /** True if a bearer token is an error. */
  readonly isRequired: boolean
  readonly algorithm: 'ES256' | 'Ed25519' | undefined
  /** True if the worker holds the keys. */
  readonly isInWorker: boolean
  /** The URLs that the worker proves requests to. */
  readonly resources: ResourceRules | undefined
}

/** The client options with all defaults filled in. */
export interface Config extends Omit<FirstConfig, 'given' | 'profile'> {
  /** Every difference between the provider and others. */
  readonly dialect: ProviderDialect
  readonly clientCapabilities: readonly string[]
  readonly idTokenClaims: readonly string[]
  readonly postLogoutRedirectUri: string | null
  readonly scopes: readonly string[]
  readonly defaultScopes: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>> | undefined
  readonly issuer: string | undefined
  readonly metadataUrl: string | undefined
  /** The response mode that the app chose, if any. */
  readonly chosenResponseMode: 'fragment' | 'query' | undefined
  readonly tokens: 'page' | 'worker'
  readonly tokenWorker: (() => Worker | SharedWorker) | undefined
  readonly tokenServiceWorker: (() => Promise<ServiceWorkerRegistration>) | undefined
  readonly verifyIdTokenSignature: boolean
  readonly dpop: DpopConfig | undefined
  readonly par: 'auto' | 'always'
  readonly renewal: Filled<RenewalOptions>
  readonly silent: Filled<Omit<SilentOptions, 'redirectUri'>> & Pick<SilentOptions, 'redirectUri'>
  readonly signOut: Filled<SignOutOptions>
  readonly extraParameters: Readonly<Record<string, string>>
  readonly tokenParameters: Readonly<Record<string, string>>
  readonly requestHeaders: Readonly<Record<string, string>> | undefined
  readonly requestTimeoutMs: number
  readonly fetch: typeof fetch
  /** True if the app replaced `fetch`: then the page sends all requests itself. */
  readonly hasOwnFetch: boolean
}

/** The part of the configuration that a page needs at its start. */
export interface FirstConfig {
  /** The options of the app, unchanged. */
  readonly given: AuthClientOptions
  readonly clientId: string
  readonly authority: string
  /** The name of the dialect, which is loaded by it. */
  readonly profile: AuthorityProfile
  /** The name of the (issuer, client) pair, which all state belongs to; see `partitionOf`. */
  readonly partition: string
  /** The name of the clients that share cache and partition, in all tabs; see `groupOf`. */
  readonly group: string
  /** The prefix of this client's `state` values; see `clientMark`. */
  readonly mark: string
  readonly redirectUri: string
  readonly responseMode: 'fragment' | 'query'
  readonly cache: CacheConfig
  /** The type of the tokens that the cache answers with. Default `Bearer`. */
  readonly tokenType?: AskedType | undefined
  /** Set if each tab has its own active account. */
  readonly tabAccount?: TabAccount | undefined
  readonly interaction: InteractionOptions
  /** Finds the token for a request to an absolute URL. `undefined` without the option `resources`. */
  readonly resources?: ((url: string, method: string) => ResourceMatch) | undefined
  readonly log: (level: LogLevel, message: string) => void
  readonly now: () => number
}
