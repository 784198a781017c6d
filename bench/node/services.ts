import { AsyncLocalStorage } from 'node:async_hooks'
import {
  ConfidentialClientApplication,
  DistributedCachePlugin,
  type INetworkModule,
} from '@azure/msal-node'
import {
  type ConfidentialClient,
  clientSecret,
  createConfidentialClient,
  keyring,
} from '@carnet/node'
import { redisStore } from '@carnet/node/redis'
import { createClient } from 'redis'

/** The libraries that the bench of services compares. */
export type ServiceLibrary = 'carnet' | 'msal-node'

export interface ServiceSetting {
  readonly library: ServiceLibrary
  readonly authority: string
  readonly clientId: string
  readonly secret: string
  /** Without it, tokens are in memory only. */
  readonly redisUrl?: string | undefined
  readonly keys: string
  readonly lockMs?: number | undefined
  readonly maxBytes?: number | undefined
}

/** An answer in the terms that both libraries have. */
export interface Answer {
  readonly token: string
  readonly username: string | undefined
}

/** A service, on one library. */
export interface Service {
  app(scopes: readonly string[], resource?: string): Promise<Answer>
  onBehalfOf(assertion: string, scopes: readonly string[]): Promise<Answer>
  /** Only Carnet has long-running sessions. */
  readonly carnet: ConfidentialClient | undefined
  setKeys(keys: string): Promise<void>
  close(): void
}

interface Overrides {
  /** Answers requests in this process, without a network. */
  readonly respond?: (body: URLSearchParams) => Record<string, unknown>
  readonly clock?: { now(): number }
}

/** Creates a service with the default settings of its library. */
export async function createService(
  setting: ServiceSetting,
  overrides: Overrides = {},
): Promise<Service> {
  const redis = setting.redisUrl === undefined ? undefined : await connect(setting.redisUrl)
  return setting.library === 'carnet'
    ? createCarnet(setting, redis, overrides)
    : createMsal(setting, redis, overrides)
}

type Redis = Awaited<ReturnType<typeof connect>>

async function connect(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: () => 200 } })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function createCarnet(
  setting: ServiceSetting,
  redis: Redis | undefined,
  { respond, clock }: Overrides,
): Promise<Service> {
  const { authority, clientId, secret, keys, lockMs, maxBytes } = setting
  const store = redis && redisStore(redis, { lockMs })
  const create = (ring: string) =>
    createConfidentialClient({
      clientId,
      authority,
      authorityProfile: respond ? 'oidc' : 'entra',
      credential: clientSecret(secret),
      cache: { memory: { maxBytes }, ...(store && { store, keys: keyring(ring) }) },
      clock,
      ...(respond && { fetch: fetchOf(respond), metadata: metadataOf(authority) }),
    })
  let client = await create(keys)
  return {
    app: async (scopes, resource) => {
      const { accessToken } = await client.acquireTokenForApp({ scopes, resource })
      return { token: accessToken, username: undefined }
    },
    async onBehalfOf(assertion, scopes) {
      const { accessToken, account } = await client.acquireTokenOnBehalfOf({ assertion, scopes })
      return { token: accessToken, username: account?.username }
    },
    get carnet() {
      return client
    },
    async setKeys(ring) {
      client = await create(ring)
    },
    close() {
      client.close()
      redis?.destroy()
    },
  }
}

/** The partition of the running request, as an app that follows the samples of MSAL has it. */
const partition = new AsyncLocalStorage<string>()

async function createMsal(
  { authority, clientId, secret }: ServiceSetting,
  redis: Redis | undefined,
  { respond }: Overrides,
): Promise<Service> {
  const cacheClient = {
    get: async (key: string) => (await redis?.get(key)) ?? '',
    set: async (key: string, value: string) => (await redis?.set(key, value)) ?? '',
  }
  const partitions = {
    getKey: async () => partition.getStore() ?? 'app',
    extractKey: async () => partition.getStore() ?? 'app',
  }
  const client = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority,
      clientSecret: secret,
      knownAuthorities: [new URL(authority).host],
      ...(respond && { authorityMetadata: JSON.stringify(metadataOf(authority)) }),
    },
    ...(redis && { cache: { cachePlugin: new DistributedCachePlugin(cacheClient, partitions) } }),
    ...(respond && { system: { networkClient: networkOf(respond) } }),
  })
  return {
    async app(scopes, resource) {
      const named = resource === undefined ? [...scopes] : [`${resource}/.default`]
      const result = await client.acquireTokenByClientCredential({ scopes: named })
      return { token: result?.accessToken ?? '', username: undefined }
    },
    async onBehalfOf(oboAssertion, scopes) {
      const key = oboAssertion.slice(-32)
      const result = await partition.run(key, () =>
        client.acquireTokenOnBehalfOf({ oboAssertion, scopes: [...scopes] }),
      )
      return { token: result?.accessToken ?? '', username: result?.account?.username }
    },
    carnet: undefined,
    async setKeys() {},
    close: () => redis?.destroy(),
  }
}

const metadataOf = (authority: string) => ({
  issuer: authority,
  authorization_endpoint: `${authority}/authorize`,
  token_endpoint: `${authority}/token`,
  jwks_uri: `${authority}/keys`,
})

const fetchOf =
  (respond: (body: URLSearchParams) => Record<string, unknown>): typeof fetch =>
  async (_url, init) =>
    Response.json(respond(new URLSearchParams(String(init?.body))))

const networkOf = (
  respond: (body: URLSearchParams) => Record<string, unknown>,
): INetworkModule => ({
  sendGetRequestAsync: async () => ({ headers: {}, body: {} as never, status: 404 }),
  sendPostRequestAsync: async (_url, options) => ({
    headers: {},
    body: respond(new URLSearchParams(options?.body ?? '')) as never,
    status: 200,
  }),
})
