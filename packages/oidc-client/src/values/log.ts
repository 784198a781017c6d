import type * as Original from 'oidc-client-ts'

/** The names of the functions of a logger, with the level from which each one is called. */
const LEVELS = { error: 1, warn: 2, info: 3, debug: 4 } as const

type LevelName = keyof typeof LEVELS

const ignore = () => undefined
const NO_LOGGER: Original.ILogger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const INFO = 3

let level: number = INFO
let logger = NO_LOGGER

/** The level and the receiver of all log lines. */
const log = {
  NONE: 0,
  ERROR: 1,
  WARN: 2,
  INFO,
  DEBUG: 4,
  0: 'NONE',
  1: 'ERROR',
  2: 'WARN',
  3: 'INFO',
  4: 'DEBUG',
  /** Sets the level `INFO`, and removes the receiver. */
  reset(): void {
    level = INFO
    logger = NO_LOGGER
  },
  /** @throws Error for a number that is no level. */
  setLevel(value: number): void {
    if (!(value >= 0 && value <= 4)) throw new Error('Invalid log level')
    level = value
  },
  setLogger(value: Original.ILogger): void {
    logger = value
  },
}

function write(name: LevelName, source: string, values: readonly unknown[]): void {
  if (level >= LEVELS[name]) logger[name](source, ...values)
}

class NamedLogger {
  readonly #name: string
  readonly #method: string

  constructor(name: string, method = '') {
    this.#name = name
    this.#method = method
  }

  #write(name: LevelName, values: readonly unknown[]): void {
    write(name, `[${this.#name}]${this.#method && ` ${this.#method}:`}`, values)
  }

  debug(...values: unknown[]): void {
    this.#write('debug', values)
  }

  info(...values: unknown[]): void {
    this.#write('info', values)
  }

  warn(...values: unknown[]): void {
    this.#write('warn', values)
  }

  error(...values: unknown[]): void {
    this.#write('error', values)
  }

  throw(error: Error): never {
    this.error(error)
    throw error
  }

  create(method: string): NamedLogger {
    const created = new NamedLogger(this.#name, method)
    created.debug('begin')
    return created
  }

  static createStatic(name: string, method: string): NamedLogger {
    return new NamedLogger(name).create(method)
  }

  static debug = (name: string, ...values: unknown[]) => write('debug', `[${name}]`, values)
  static info = (name: string, ...values: unknown[]) => write('info', `[${name}]`, values)
  static warn = (name: string, ...values: unknown[]) => write('warn', `[${name}]`, values)
  static error = (name: string, ...values: unknown[]) => write('error', `[${name}]`, values)
}

export const Log = log as unknown as typeof Original.Log
export type Log = Original.Log
export const Logger = NamedLogger as unknown as typeof Original.Logger
export type Logger = Original.Logger
