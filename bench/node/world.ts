import { type EntraProvider, type EntraUser, startEntraProvider } from '@carnet/idp'
import { newSealKey } from '@carnet/node'
import { createClient } from 'redis'
import { type RunningRedis, startRedis } from '../../scripts/redis.mjs'
import { type Machine, startMachine } from './machines.ts'
import type { ServiceLibrary, ServiceSetting } from './services.ts'

/** The API whose tokens users send to the service. */
const API = '33333333-aaaa-4aaa-8aaa-000000000003'
const SECRET = 's3cret-of-the-service'
const USERS = 1000

/** The provider, Redis, and processes. */
export interface ServiceWorld {
  readonly idp: EntraProvider
  readonly redis: RunningRedis
  readonly keys: string
  setting(library: ServiceLibrary, shared: boolean, more?: Partial<ServiceSetting>): ServiceSetting
  start(count: number, setting: ServiceSetting): Promise<Machine[]>
  endMachines(): Promise<void>
  /** Runs one command on Redis. */
  command(...parts: string[]): Promise<unknown>
  /** Sets everything back: the provider, and Redis. */
  reset(): Promise<void>
  tokenRequests(): Promise<number>
  assertions(count: number): Promise<string[]>
  restartRedis(waitMs: number): Promise<void>
  close(): Promise<void>
}

const users = Array.from(
  { length: USERS },
  (_, index): EntraUser => ({
    username: `user-${index}`,
    name: `User ${index}`,
    email: `user-${index}@contoso.example`,
    home: 'home',
  }),
)

/** @param worker The bundled `worker.ts`. */
export async function createServiceWorld(worker: string): Promise<ServiceWorld> {
  const idp = await startEntraProvider({
    tls: true,
    users,
    settings: { consent: 'skip' },
    clients: [
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
      { clientId: API, redirectUris: [], credentials: { secrets: [SECRET] } },
    ],
  })
  let redis = await startRedis({ args: ['--enable-debug-command', 'yes'] })
  const keys = newSealKey()
  const machines: Machine[] = []

  async function command(...parts: string[]): Promise<unknown> {
    const client = createClient({ url: redis.url })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return await client.sendCommand(parts)
    } finally {
      client.destroy()
    }
  }

  async function endMachines(): Promise<void> {
    await Promise.all(machines.splice(0).map((machine) => machine.end()))
  }

  return {
    idp,
    get redis() {
      return redis
    },
    keys,
    setting: (library, shared, more = {}) => ({
      library,
      authority: idp.authority('home'),
      clientId: API,
      secret: SECRET,
      keys,
      ...(shared && { redisUrl: redis.url }),
      ...more,
    }),
    async start(count, setting) {
      const started = await Promise.all(
        Array.from({ length: count }, () => startMachine(worker, setting)),
      )
      machines.push(...started)
      return started
    },
    endMachines,
    command,
    async reset() {
      await endMachines()
      await idp.control.reset()
      await command('FLUSHALL')
    },
    tokenRequests: async () => (await idp.control.stats()).counts.token,
    assertions: (count) =>
      Promise.all(users.slice(0, count).map(({ username }) => idp.accessTokenFor(username))),
    async restartRedis(waitMs) {
      const { port } = redis
      await redis.stop()
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      redis = await startRedis({ port, args: ['--enable-debug-command', 'yes'] })
    },
    async close() {
      await endMachines()
      await redis.stop()
      await idp.close()
    },
  }
}
