import type { AuthErrorCode } from '@carnet/core'
import type { KeptAnswer, KeptRequest } from '@carnet/core/keeper'

/** What a page asks its worker. */
export interface KeeperQuestion {
  readonly id: number
  readonly request: KeptRequest
  readonly timeoutMs: number
}

/** What the worker says: that it is there, or how a question ended. */
export type KeeperMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: KeptAnswer }
  | {
      readonly type: 'failure'
      readonly id: number
      readonly code: AuthErrorCode
      readonly message: string
    }
