import { AuthError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { Snapshot } from '../api/snapshot.ts'

export type { Snapshot } from '../api/snapshot.ts'

/** A client, or the promise of `createAuthClient`. `undefined` on a server, where no client exists. */
export type ClientInput = AuthClient | PromiseLike<AuthClient> | undefined

/** The snapshots of a client that may still be starting. A framework binding is a shell around it. */
export interface Source {
  /**
   * The snapshot of the client; `unknownSnapshot` until there is a client. If the promise of the client rejects, the status
   * stays `unknown`, and `error` is the reason. The same object until something in it changes.
   */
  snapshot(): Snapshot
  /** Calls the listener when the snapshot may have changed. Returns a function that ends it. */
  subscribe(listener: () => void): () => void
  /** The client, when it has started. */
  readonly client: AuthClient | undefined
  /** Resolves with the client, or rejects as its promise does. On a server it stays pending. */
  readonly ready: Promise<AuthClient>
}

/** The snapshot while no client is there: on a server, and in a page until the accounts are read. */
export const unknownSnapshot: Snapshot = Object.freeze({
  status: 'unknown',
  account: null,
  accounts: Object.freeze([]),
  interaction: null,
  error: null,
  challenge: null,
})

const sources = new WeakMap<object, Source>()
let onServer: Source | undefined

/**
 * Returns the source of a client. The same client, or the same promise, always has the same source. It adds no listener to the
 * client before `subscribe`, and it works on servers.
 */
export function createSource(client: ClientInput): Source {
  if (!client) {
    onServer ??= open(new Promise<never>(() => undefined))
    return onServer
  }
  const known = sources.get(client)
  if (known) return known
  const source = open(client)
  sources.set(client, source)
  return source
}

function open(given: AuthClient | PromiseLike<AuthClient>): Source {
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  let client = 'then' in given ? undefined : given
  let failed = unknownSnapshot
  let stop: (() => void) | undefined
  const listen = () => {
    if (client && listeners.size > 0) stop ??= client.on('changed', tell)
  }

  const ready = Promise.resolve(given)
  if (!client)
    ready.then(
      (started) => {
        client = started
        listen()
        tell()
      },
      (reason) => {
        failed = Object.freeze({ ...unknownSnapshot, error: asAuthError(reason) })
        tell()
      },
    )

  return {
    snapshot: () => client?.snapshot() ?? failed,
    subscribe(listener) {
      // Equal listeners of two subscribers are two entries.
      const own = () => listener()
      listeners.add(own)
      listen()
      return () => {
        listeners.delete(own)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
    get client() {
      return client
    },
    ready,
  }
}

function asAuthError(reason: unknown): AuthError {
  // Also an error of another copy of the library.
  if ((reason as AuthError | undefined)?.name === 'AuthError') return reason as AuthError
  const message = `The promise of the client rejected: ${reason}`
  return new AuthError('invalid_options', message, { cause: reason })
}
