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
