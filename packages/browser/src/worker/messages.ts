import type { AuthErrorCode } from '@carnet/core'
import type { KeptAnswer } from '@carnet/core/keeper'
import type { Redemption } from '../journal/redeem.ts'

/** A question of a page to a worker. */
export type KeeperQuestion = { readonly id: number } & (
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
  /** The worker holds the lock of the entry, and sends the request. */
  | { readonly type: 'started' }
  /** Another context has sent the request of the entry. */
  | { readonly type: 'taken' }
)

/** The field of a message to a service worker, whose app may send it messages of its own. */
export const TO_SERVICE_WORKER = 'carnet'
