import { parseArgs } from 'node:util'
import { type Client, defaultClients, type IdentityProviderOptions } from './model/options.ts'
import type { Settings } from './model/settings.ts'

export const usage = `carnet-idp: an OpenID Provider with two APIs, for development and tests

  --port 4400                      default 4400; 0 selects a free port
  --profile oidc                   or entra, which behaves like Microsoft Entra ID
  --tls                            https, with a self-signed certificate
  --client spa=http://localhost:5173/
                                   a client and its redirect URI; repeat the option for more
  --latency 300                    milliseconds of delay for each request
  --access-token-lifetime 60       seconds
  --id-token-lifetime 60           seconds
  --refresh-token-lifetime 3600    seconds
  --refresh-tokens always          or offline_access, or never
  --consent ask                    or skip
  --help`

const DEFAULT_PORT = 4400

const text = { type: 'string' } as const
const flags = {
  port: text,
  profile: text,
  tls: { type: 'boolean' },
  client: { type: 'string', multiple: true },
  latency: text,
  'access-token-lifetime': text,
  'id-token-lifetime': text,
  'refresh-token-lifetime': text,
  'refresh-tokens': text,
  consent: text,
  help: { type: 'boolean' },
} as const

type Profile = 'oidc' | 'entra'

interface CommandLine {
  readonly help: boolean
  readonly profile: Profile
  readonly options: Omit<IdentityProviderOptions, 'users'>
}

/** Parses the arguments. @throws For an unknown argument or an invalid number. */
export function readCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({ args, options: flags })
  const settings = {
    latencyMs: numberOf('latency', values.latency),
    accessTokenLifetime: numberOf('access-token-lifetime', values['access-token-lifetime']),
    idTokenLifetime: numberOf('id-token-lifetime', values['id-token-lifetime']),
    refreshTokenLifetime: numberOf('refresh-token-lifetime', values['refresh-token-lifetime']),
    refreshTokens: values['refresh-tokens'],
    consent: values.consent,
  }
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return {
    help: values.help ?? false,
    profile: profileOf(values.profile),
    options: {
      ...(values.tls && { tls: true }),
      port: numberOf('port', values.port) ?? DEFAULT_PORT,
      clients: values.client ? clientsOf(values.client) : defaultClients,
      settings: Object.fromEntries(given) as Partial<Settings>,
    },
  }
}

function profileOf(value = 'oidc'): Profile {
  if (value === 'oidc' || value === 'entra') return value
  throw new Error(`--profile: "${value}" is neither oidc nor entra`)
}

function numberOf(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value)
  throw new Error(`--${flag}: "${value}" is not a number`)
}

/** Parses `id=uri`. A client with several redirect URIs repeats its id. */
function clientsOf(values: readonly string[]): Client[] {
  const urisById = new Map<string, string[]>()
  for (const value of values) {
    const [, id, uri] = /^([^=]+)=(.+)$/.exec(value) ?? []
    if (id === undefined || uri === undefined) {
      throw new Error(`--client: "${value}" is not like spa=http://localhost:5173/`)
    }
    urisById.set(id, [...(urisById.get(id) ?? []), uri])
  }
  return [...urisById].map(([clientId, redirectUris]) => ({ clientId, redirectUris }))
}
