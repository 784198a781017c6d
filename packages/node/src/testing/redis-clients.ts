import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { RedisClient } from '../stores/redis/client.ts'

/** A client of Redis as an app creates it, and the function that closes it. */
export interface AppClient {
  readonly client: RedisClient
  command(...parts: string[]): Promise<unknown>
  close(): void
}

/** The packages that `redisStore` takes a client of. */
export const clientPackages = ['redis', 'ioredis'] as const

export async function connectRedis(
  url: string,
  name: (typeof clientPackages)[number] = 'redis',
): Promise<AppClient> {
  if (name === 'ioredis') {
    const client = new Redis(url, { retryStrategy: () => 100 })
    client.on('error', () => undefined)
    return {
      client,
      command: (command = '', ...args) => client.call(command, ...args),
      close: () => client.disconnect(),
    }
  }
  const client = createClient({ url, socket: { reconnectStrategy: () => 100 } })
  client.on('error', () => undefined)
  await client.connect()
  return {
    client,
    command: (...parts) => client.sendCommand(parts),
    close: () => client.destroy(),
  }
}
