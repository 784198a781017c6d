import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis-5'
import { createClient, createCluster } from 'redis'
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-5'
import type { RedisClient } from '../stores/redis/client.ts'

/** A client of Redis as an app creates it, and the function that closes it. */
export interface AppClient {
  readonly client: RedisClient
  command(...parts: string[]): Promise<unknown>
  close(): void
}

/** The packages that `redisStore` takes a client of, newest versions first. */
export const clientPackages = ['redis', 'ioredis', 'redis-5', 'ioredis-5'] as const
export type ClientPackage = (typeof clientPackages)[number]

export async function connectRedis(url: string, name: ClientPackage = 'redis'): Promise<AppClient> {
  if (name === 'ioredis' || name === 'ioredis-5') {
    const options = { retryStrategy: () => 100 }
    const client = name === 'ioredis' ? new Redis(url, options) : new Redis5(url, options)
    client.on('error', () => undefined)
    return {
      client,
      command: (command = '', ...args) => client.call(command, ...args),
      close: () => client.disconnect(),
    }
  }
  const options = { url, socket: { reconnectStrategy: () => 100 } }
  const client = name === 'redis' ? createClient(options) : createClient5(options)
  client.on('error', () => undefined)
  await client.connect()
  return {
    client,
    command: (...parts) => client.sendCommand(parts),
    close: () => client.destroy(),
  }
}

/** Connects to a cluster. Commands go to the node of their first key, `INFO` to any node. */
export async function connectCluster(
  urls: readonly string[],
  name: ClientPackage = 'redis',
): Promise<Omit<AppClient, 'command'>> {
  if (name === 'ioredis' || name === 'ioredis-5') {
    const client = name === 'ioredis' ? new Cluster([...urls]) : new Cluster5([...urls])
    client.on('error', () => undefined)
    await new Promise((resolve) => client.once('ready', resolve))
    return { client, close: () => client.disconnect() }
  }
  const options = { rootNodes: urls.map((url) => ({ url })) }
  const client = name === 'redis' ? createCluster(options) : createCluster5(options)
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.destroy() }
}
