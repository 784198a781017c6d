import type { Redis, RedisClient } from './client.ts'
import { ofIoredisCluster, ofNodeRedisCluster } from './clusters.ts'
import { ofIoredis, ofNodeRedis } from './single-servers.ts'

/** @throws TypeError if `client` is neither a `redis` nor an `ioredis` client. */
export function toRedis(client: RedisClient): Redis {
  if ('masters' in client) return ofNodeRedisCluster(client)
  if ('sendCommand' in client && 'isReady' in client) return ofNodeRedis(client)
  if ('nodes' in client) return ofIoredisCluster(client)
  if ('call' in client) return ofIoredis(client)
  throw new TypeError('redisStore needs a client of the package "redis" or "ioredis".')
}
