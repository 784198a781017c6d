/** The part of a `redis` client (node-redis 4 and later) that the store uses. */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>
  duplicate(): NodeRedisSubscriber
  readonly isReady: boolean
}

export interface NodeRedisSubscriber {
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>
  on(event: 'error' | 'ready' | 'end', listener: (error?: unknown) => void): unknown
  destroy?(): void
  disconnect?(): Promise<void>
}

/** The part of an `ioredis` client that the store uses. */
export interface IoredisClient {
  call(command: string, ...args: string[]): Promise<unknown>
  duplicate(): IoredisSubscriber
  readonly status: string
}

export interface IoredisSubscriber {
  subscribe(channel: string): Promise<unknown>
  on(event: string, listener: (...args: string[]) => void): unknown
  disconnect(): void
}

/** The app's client of Redis: of the package `redis`, or of `ioredis`. */
export type RedisClient = NodeRedisClient | IoredisClient

/** The operations that the store needs of any client. */
export interface Redis {
  command(...parts: readonly string[]): Promise<unknown>
  /** Subscribes with a connection of its own. `onReady` runs after each subscription, also after a reconnection. */
  subscribe(channel: string, onMessage: (message: string) => void, onReady: () => void): () => void
}

/** @throws TypeError if `client` is neither a `redis` nor an `ioredis` client. */
export function toRedis(client: RedisClient): Redis {
  if ('sendCommand' in client && 'isReady' in client) return ofNodeRedis(client)
  if ('call' in client) return ofIoredis(client)
  throw new TypeError('redisStore needs a client of the package "redis" or "ioredis".')
}

const ofNodeRedis = (client: NodeRedisClient): Redis => ({
  command: (...parts) => client.sendCommand([...parts]),
  subscribe(channel, onMessage, onReady) {
    const own = client.duplicate()
    // Without a listener, an error of the connection would end the process. The client reconnects by itself.
    own.on('error', () => undefined)
    let isSubscribed = false
    own.on('ready', () => {
      // At a reconnection, the client repeats its subscriptions before it is ready.
      if (isSubscribed) onReady()
    })
    own
      .connect()
      .then(() => own.subscribe(channel, onMessage))
      .then(() => {
        isSubscribed = true
        onReady()
      })
      .catch(() => undefined)
    return () => {
      if (own.destroy) own.destroy()
      else own.disconnect?.().catch(() => undefined)
    }
  },
})

const ofIoredis = (client: IoredisClient): Redis => ({
  command: (command, ...args) => client.call(command ?? '', ...args),
  subscribe(channel, onMessage, onReady) {
    const own = client.duplicate()
    own.on('error', () => undefined)
    own.on('message', (_channel = '', message = '') => onMessage(message))
    // It resubscribes by itself after a reconnection; a second subscription changes nothing and tells when it holds.
    own.on('ready', () => {
      own.subscribe(channel).then(onReady, () => undefined)
    })
    return () => own.disconnect()
  },
})
