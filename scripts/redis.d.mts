/** A running server. */
export interface RunningRedis {
  readonly port: number
  readonly url: string
  readonly pid: number | undefined
  stop(): Promise<void>
  freeze(): boolean
  thaw(): boolean
}
export function findRedis(): string | undefined
export function ensureRedis(): boolean
export function startRedis(options?: {
  port?: number
  args?: readonly string[]
}): Promise<RunningRedis>
/** A running cluster of three nodes. */
export interface RunningRedisCluster {
  readonly urls: readonly string[]
  readonly nodes: readonly RunningRedis[]
  stop(): Promise<void>
}
export function startRedisCluster(): Promise<RunningRedisCluster>
