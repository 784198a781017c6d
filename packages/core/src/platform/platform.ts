/** What core asks of the outside world, as plain functions. Nothing in core reads a global of the page. */
export interface Platform {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since any instant, by a clock that nobody sets. */
  monotonicMs(): number
  /**
   * The time by another clock than this machine's, in milliseconds since the epoch: it is asked where ours and the
   * provider's differ by much. Nothing where there is none.
   */
  trueTimeMs(): Promise<number | undefined>
  fetch: typeof fetch
  /** At least 128 bits, URL-safe. */
  randomId(): string
  /** Runs `work` while holding `name`, across every tab of the origin. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Takes note of what happened. Names and codes only, never a secret. */
  log(level: LogLevel, message: string): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
