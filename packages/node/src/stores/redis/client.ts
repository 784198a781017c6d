/** The part of a `redis` client (node-redis 4 and later) that the store uses. */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>
  duplicate(): NodeRedisSubscriber
  readonly isReady: boolean
}

export interface NodeRedisSubscriber {
  connect(): Promise<unknown>
  subscribe(channels: string[], listener: (message: string) => void): Promise<unknown>
  on(
    event: 'error' | 'ready' | 'reconnecting' | 'end',
    listener: (error?: unknown) => void,
  ): unknown
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
  connect(): Promise<unknown>
  subscribe(...channels: string[]): Promise<unknown>
  on(event: string, listener: (...args: string[]) => void): unknown
  disconnect(): void
}

/** The part of a cluster of `redis` that the store uses. */
export interface NodeRedisCluster {
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean,
    command: string[],
  ): Promise<unknown>
  readonly masters: readonly object[]
  nodeClient(node: never): NodeRedisClient | Promise<NodeRedisClient> | undefined
}

/** The part of a `Cluster` of `ioredis` that the store uses. */
export interface IoredisCluster {
  call(command: string, ...args: string[]): Promise<unknown>
  nodes(role: 'master'): readonly IoredisClient[]
}

/** The app's client of Redis, or of a Redis Cluster: of the package `redis`, or of `ioredis`. */
export type RedisClient = NodeRedisClient | IoredisClient | NodeRedisCluster | IoredisCluster

/** The operations that the store needs of any client. */
export interface Redis {
  /** True for a cluster: then a command reaches the node that holds its first key. */
  readonly isCluster: boolean
  command(...parts: readonly string[]): Promise<unknown>
  /** Subscribes with a connection of its own. `onReady` runs after each subscription, also after a reconnection. */
  subscribe(
    channels: readonly string[],
    onMessage: (message: string) => void,
    onReady: () => void,
  ): () => void
}
