import { type Account, AuthError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { Snapshot } from '../api/snapshot.ts'

export type { Snapshot } from '../api/snapshot.ts'

/** A client, or the promise of `createAuthClient`. `undefined` on a server, where no client exists. */
export type ClientInput = AuthClient | PromiseLike<AuthClient> | undefined

/** The snapshots of a client that may still be starting. A framework binding is a shell around it. */
export interface Source {
  /**
   * The snapshot of the client; `unknownSnapshot` until there is a client. If the promise of the client rejects, the status
   * stays `unknown`, and `error` is the reason. The same object until something in it changes; the renewal of a token is no change,
   * so the times in `idTokenClaims` may be those of an earlier ID token.
   */
  snapshot(): Snapshot
  /** Calls the listener when the snapshot may have changed. Returns a function that ends it. */
  subscribe(listener: () => void): () => void
  /** The client, when it has started. */
  readonly client: AuthClient | undefined
  /** Resolves with the client, or rejects as its promise does. On a server it stays pending. */
  readonly ready: Promise<AuthClient>
  /** True if a snapshot had an account since the page started. */
  readonly wasSignedIn: boolean
  /** The URL of the page when the client had started. A sign-in by redirect has restored it. Without fragment. */
  readonly startUrl: string | undefined
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
 * Returns the source of a client. The same client, or the same promise, always has the same source, and so has `ready` of the
 * source. It adds no listener to the client before `subscribe`, and it works on servers.
 */
export function createSource(client: ClientInput): Source {
  if (!client) {
    onServer ??= open(new Promise<never>(() => undefined))
    return onServer
  }
  const known = sources.get(client)
  if (known) return known
  const source = open(client)
  sources.set(client, source).set(source.ready, source)
  return source
}

function open(started: AuthClient | PromiseLike<AuthClient>): Source {
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  let client = 'then' in started ? undefined : started
  let failed = unknownSnapshot
  let stop: (() => void) | undefined
  const listen = () => {
    if (client && listeners.size > 0) stop ??= client.on('changed', tell)
  }

  const pageUrl = () => globalThis.location?.href.replace(/#.*/, '')
  let startUrl = client && pageUrl()
  const ready = Promise.resolve(started)
  if (!client)
    ready.then(
      (opened) => {
        client = opened
        startUrl = pageUrl()
        listen()
        tell()
      },
      (reason) => {
        failed = Object.freeze({ ...unknownSnapshot, error: asAuthError(reason) })
        tell()
      },
    )

  let given: Snapshot | undefined
  let last = unknownSnapshot
  let wasSignedIn = false
  function snapshot(): Snapshot {
    const next = client?.snapshot() ?? failed
    wasSignedIn ||= next.status === 'signedIn'
    if (next !== given && !isSameSession(last, next)) last = next
    given = next
    return last
  }

  return {
    snapshot,
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
    get wasSignedIn() {
      return wasSignedIn
    },
    get startUrl() {
      return startUrl
    },
    ready,
  }
}

function isSameSession(one: Snapshot, other: Snapshot): boolean {
  return (
    one.status === other.status &&
    one.account?.id === other.account?.id &&
    one.interaction === other.interaction &&
    one.error === other.error &&
    one.challenge === other.challenge &&
    one.accounts.map(faceOf).join() === other.accounts.map(faceOf).join()
  )
}

/** Claims that are new in each ID token, also if nothing about the user has changed. */
const PER_TOKEN = 'iat exp nbf jti nonce at_hash c_hash aio rh uti'.split(' ')

/** The fields and claims of an account as text. */
function faceOf(account: Account): string {
  const fields = { ...account, ...account.idTokenClaims, idTokenClaims: 0 }
  return JSON.stringify(
    Object.entries(fields)
      .filter(([name]) => !PER_TOKEN.includes(name))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}

function asAuthError(reason: unknown): AuthError {
  // Also an error of another copy of the library.
  if ((reason as AuthError | undefined)?.name === 'AuthError') return reason as AuthError
  const message = `The promise of the client rejected: ${reason}`
  return new AuthError('invalid_options', message, { cause: reason })
}
