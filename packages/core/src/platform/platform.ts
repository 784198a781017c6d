/** The capabilities that core needs from its environment. Nothing in core reads a global of the page. */
export interface Platform {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since an arbitrary instant, by a monotonic clock. */
  monotonicMs(): number
  /**
   * The time by a clock of another machine, in milliseconds since the epoch. Core asks for it if its own clock and the
   * provider's clock differ by much. `undefined` if there is no other clock.
   */
  trueTimeMs(): Promise<number | undefined>
  fetch: typeof fetch
  /** At least 128 bits, URL-safe. */
  randomId(): string
  /** Runs `work` while holding `name`, across every tab of the origin. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Writes a log line. Pass names and codes only, never a secret. */
  log(level: LogLevel, message: string): void
}

/** The severity of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
