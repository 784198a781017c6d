import {
  AuthError,
  isSecureUrl,
  type LogLevel,
  oidcDialect,
  partitionOf,
  problemOfMembers,
} from '@carnet/core'
import { dialect as auth0Dialect } from '@carnet/core/auth0'
import { dialect as entraDialect } from '@carnet/core/entra'
import {
  authorityName,
  isTenantAlias,
  type ProviderDialect,
  profileOf,
  tenantOf,
} from '@carnet/core/services'
import type { ConfidentialClientOptions } from '../api/options.ts'
import type { Keyring } from '../cache/keyring.ts'
import type { Credential } from '../credentials/credential.ts'
import type { WantedDpop } from '../dpop/open-dpop.ts'
import { DEFAULT_MEMORY_BYTES } from '../stores/memory-store.ts'
import type { SharedStore } from '../stores/shared-store.ts'
import { dpopRules, fapiRules, type Rule } from './check-security.ts'

/** The checked options, with all defaults. */
export interface Config {
  readonly clientId: string
  readonly authority: string
  readonly dialect: ProviderDialect
  readonly partition: string
  /** The tenant of the authority; empty if it names none, and if the provider has no tenants. */
  readonly tenant: string
  readonly credentials: readonly Credential[]
  /** True for a client without a credential (RFC 6749 section 2.1). */
  readonly isPublic: boolean
  readonly store: SharedStore | undefined
  readonly keys: Keyring | undefined
  readonly maxBytes: number
  readonly storeTimeoutMs: number
  /** True for the FAPI 2.0 Security Profile. */
  readonly isFapi: boolean
  /** The wish for tokens that are bound to a key; `undefined` for others. */
  readonly dpop: WantedDpop | undefined
  readonly capabilities: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>> | undefined
  readonly requestTimeoutMs: number
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly log: (level: LogLevel, message: string) => void
}

const DIALECTS = { oidc: oidcDialect, entra: entraDialect, auth0: auth0Dialect }

const LEAST_MEMORY_BYTES = 64 * 1024

/** Checks the options. @throws AuthError `invalid_options`, which names every problem. */
export function readConfig(options: ConfidentialClientOptions): Config {
  const problems = problemsOf(options)
  if (problems.length > 0) throw new AuthError('invalid_options', problems.join(' '))
  const { clientId, authority, credential, authorityProfile, cache = {} } = options
  const profile = profileOf(authority, authorityProfile)
  const { clock, logger } = options
  return {
    clientId,
    authority,
    dialect: DIALECTS[profile],
    partition: partitionOf(authority, clientId, profile),
    tenant: profile === 'entra' ? namedTenant(authority) : '',
    credentials: [credential].flat(),
    isPublic: [credential].flat().every(({ kind }) => kind === 'none'),
    store: cache.store,
    keys: cache.keys,
    maxBytes: cache.memory?.maxBytes ?? DEFAULT_MEMORY_BYTES,
    storeTimeoutMs: cache.storeTimeoutMs ?? 1000,
    isFapi: options.security === 'fapi2',
    dpop: dpopOf(options),
    capabilities: options.clientCapabilities ?? [],
    metadata: options.metadata,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    // Looked up at each request: tests and instrumentation replace the global function.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: clock ? () => clock.now() : Date.now,
    log(level, message) {
      try {
        logger?.({ level, message })
      } catch {
        // A logger that throws must not end a token request.
      }
    },
  }
}

/** FAPI 2.0 binds tokens to a key, or to the certificate that authenticates the app. */
function dpopOf({ dpop, security, credential }: ConfidentialClientOptions): Config['dpop'] {
  const isImplied = security === 'fapi2' && [credential].flat().some(({ kind }) => kind !== 'tls')
  if (!(dpop ?? isImplied)) return undefined
  const { key, algorithm } = typeof dpop === 'object' ? dpop : {}
  return { key, algorithm }
}

/** Names the authority of owners: on Entra, tenants of one cloud share a partition. */
export const ownerScopeOf = ({ authority, dialect }: Config): string =>
  dialect.hasTenants ? authorityName(authority) : ''

const namedTenant = (authority: string): string => {
  const tenant = tenantOf(authority).toLowerCase()
  return isTenantAlias(tenant) ? '' : tenant
}

function problemsOf(options: ConfidentialClientOptions): string[] {
  if (typeof options !== 'object' || options === null) return ['The options must be an object.']
  const { clientId, authority, credential, authorityProfile, cache = {}, metadata } = options
  const credentials = [credential].flat()
  const isCredential = (one: unknown) =>
    typeof one === 'object' && one !== null && 'authenticate' in one
  const rules: readonly Rule[] = [
    [typeof clientId === 'string' && clientId !== '', '`clientId` must be a text.'],
    [isSecureUrl(authority), '`authority` must be an https URL, or http on this machine.'],
    [
      [undefined, 'auto', ...Object.keys(DIALECTS)].includes(authorityProfile),
      '`authorityProfile` must be "auto", "oidc", "entra" or "auth0".',
    ],
    [
      credentials.length > 0 && credentials.every(isCredential),
      '`credential` must come from `clientSecret`, `certificate`, `privateKey`, `federated` or `tlsCertificate`, or be an array of them.',
    ],
    [
      options.security === undefined || options.security === 'fapi2',
      '`security` must be "fapi2", or be omitted.',
    ],
    ...fapiRules(options, credentials),
    ...dpopRules(options.dpop),
    [
      cache.store === undefined || cache.keys !== undefined,
      '`cache.store` needs `cache.keys`: a shared store never holds tokens in clear.',
    ],
    [
      cache.store === undefined || typeof cache.store.find === 'function',
      '`cache.store` must be a RecordStore.',
    ],
    [
      cache.keys === undefined || typeof cache.keys.find === 'function',
      '`cache.keys` must come from `keyring`.',
    ],
    [
      isAtLeast(cache.memory?.maxBytes, LEAST_MEMORY_BYTES),
      `\`cache.memory.maxBytes\` must be at least ${LEAST_MEMORY_BYTES}.`,
    ],
    [isAtLeast(cache.storeTimeoutMs, 1), '`cache.storeTimeoutMs` must be at least 1.'],
    [isAtLeast(options.requestTimeoutMs, 1), '`requestTimeoutMs` must be at least 1.'],
  ]
  const members = metadata && problemOfMembers(metadata)
  return [
    ...rules.flatMap(([isMet, problem]) => (isMet ? [] : [problem])),
    ...(members ? [`\`metadata\` ${members}.`] : []),
  ]
}

const isAtLeast = (value: unknown, least: number) =>
  value === undefined || (typeof value === 'number' && value >= least)
