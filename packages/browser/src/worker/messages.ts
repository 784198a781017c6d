import type { AuthErrorCode } from '@carnet/core'
import type { KeptAnswer, KeptRequest } from '@carnet/core/keeper'

/** A request of a page to its worker. */
export interface KeeperQuestion {
  readonly id: number
  readonly request: KeptRequest
  readonly timeoutMs: number
}

/** A message of the worker: it is ready, or a request has ended. */
export type KeeperMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: KeptAnswer }
  | {
      readonly type: 'failure'
      readonly id: number
      readonly code: AuthErrorCode
      readonly message: string
    }
