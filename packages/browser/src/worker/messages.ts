import type { AuthErrorCode } from '@carnet/core'
import type { ProofPolicy } from '@carnet/core/dpop'
import type { KeptAnswer } from '@carnet/core/keeper'
import type { Redemption } from '../journal/redeem.ts'

/** A request that needs a proof (RFC 9449 section 4.2). */
export interface RequestToProve {
  readonly method: string
  readonly url: string
  readonly accessToken: string
  readonly nonce: string | undefined
}

/** A question about the keys for DPoP, which the worker holds with `dpop: { key: 'worker' }`. */
export type KeyQuestion =
  /** Creates a key, or finds the key with this label. */
  | { readonly create: ProofPolicy; readonly label?: string | undefined }
  | { readonly find: string; readonly forgets?: true }
  | { readonly prove: string; readonly request: RequestToProve }
  /** Asks the worker to look at the clock of the app's server, for proofs to this URL. */
  | { readonly correctClock: string }

export interface KeyAnswer {
  /** The thumbprint of the key; `undefined` if the worker does not hold the key. */
  readonly jkt?: string | undefined
  readonly proof?: string | undefined
  /** True if the worker proves no such request. */
  readonly isRefused?: boolean | undefined
  readonly isCorrected?: boolean | undefined
}

/** A question of a page to a worker. Only a worker that holds keys answers a question about keys. */
export type KeeperQuestion = TokenQuestion | { readonly id: number; readonly aboutKey: KeyQuestion }

/** A question about tokens. */
export type TokenQuestion = { readonly id: number } & (
  | (Redemption & {
      /** True if the worker holds the refresh token, and the page gets a handle. */
      readonly keeps: boolean
    })
  /** Asks whether the worker holds the token of a handle. The answer also shows that the worker is alive. */
  | { readonly handle: string }
)

/** A message of the worker: it is ready, or about a question. */
export type KeeperMessage = { readonly type: 'ready' } | KeeperAnswer

export type KeeperAnswer = { readonly id: number } & (
  | { readonly type: 'answer'; readonly answer: KeptAnswer }
  | { readonly type: 'failure'; readonly code: AuthErrorCode; readonly message: string }
  | { readonly type: 'held'; readonly isHeld: boolean }
  | { readonly type: 'key'; readonly key: KeyAnswer }
  /** The worker holds the lock of the entry, and sends the request. */
  | { readonly type: 'started' }
  /** Another context has sent the request of the entry. */
  | { readonly type: 'taken' }
)

/** The field of a message to a service worker, whose app may send it messages of its own. */
export const TO_SERVICE_WORKER = 'carnet'
