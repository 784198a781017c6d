import type * as Original from 'oidc-client-ts'
import { epochSeconds } from './timer.ts'

type StateArgs = ConstructorParameters<typeof Original.State>[0]

/** The stored half of a request. */
class StoredState {
  readonly id: string
  readonly data: unknown
  /** Seconds since the epoch. */
  readonly created: number
  readonly request_type: string | undefined
  readonly url_state: string | undefined

  constructor(args: StateArgs) {
    this.id = args.id || crypto.randomUUID()
    this.data = args.data
    this.created = args.created && args.created > 0 ? args.created : epochSeconds()
    this.request_type = args.request_type
    this.url_state = args.url_state
  }

  toStorageString(): string {
    return JSON.stringify(this)
  }

  static async fromStorageString(text: string): Promise<StoredState> {
    return new StoredState(JSON.parse(text))
  }

  /** Removes the states that are older than `ageSeconds`, and records that are no states. */
  static async clearStaleState(store: Original.StateStore, ageSeconds: number): Promise<void> {
    const oldest = epochSeconds() - ageSeconds
    for (const key of await store.getAllKeys()) {
      const created = createdAt(await store.get(key))
      if (created === undefined || created <= oldest) await store.remove(key)
    }
  }
}

function createdAt(text: string | null): number | undefined {
  try {
    const value = JSON.parse(text ?? 'null')
    // The user of a store that holds states too is no state: it stays.
    return typeof value?.access_token === 'string' ? Number.POSITIVE_INFINITY : value?.created
  } catch {
    return undefined
  }
}

/** The state of a sign-in. Carnet keeps the secrets of a sign-in itself, so `code_verifier` is never set. */
class StoredSigninState extends StoredState {
  constructor(args: Original.SigninStateCreateArgs) {
    super(args)
    const { data: _, id: __, created: ___, request_type: ____, url_state: _____, ...own } = args
    Object.assign(this, own)
  }

  static async create(args: Original.SigninStateCreateArgs): Promise<StoredSigninState> {
    return new StoredSigninState(args)
  }

  static override async fromStorageString(text: string): Promise<StoredSigninState> {
    return new StoredSigninState(JSON.parse(text))
  }
}

export const State = StoredState as unknown as typeof Original.State
export type State = Original.State
export const SigninState = StoredSigninState as unknown as typeof Original.SigninState
export type SigninState = Original.SigninState
