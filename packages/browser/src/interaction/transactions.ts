import { AuthError, type TokenStore } from '@carnet/core'
import type { PendingAuthorization } from '@carnet/core/network'
import { kindOfState, type ResponseKind } from './state.ts'

/** For how long a user may take between leaving for the provider and coming back; in a window, for ever. */
const TRANSACTION_LIFETIME_MS = 10 * 60_000
/** For how long an expired one is kept, to say that it expired rather than that it never was. */
const KEPT_FOR_MS = 24 * 3_600_000

/** What is kept of an authorization request until its response comes. */
export interface Transaction extends PendingAuthorization {
  readonly authority: string
  readonly kind: ResponseKind
  /** `accountKey` of the account that was asked for, where one was. */
  readonly account?: string | undefined
  /** What was granted to an account before and is asked for again, so that it is not lost. */
  readonly repeats?: { readonly account: string; readonly scopes: readonly string[] } | undefined
  /** The session that was asked for, where one was. */
  readonly sid?: string | undefined
  readonly appState?: string | undefined
  readonly returnTo: string
  readonly correlationId: string
  readonly startedAtMs: number
}

export type Transactions = ReturnType<typeof createTransactions>

/** One record per `state`, so that parallel sign-ins never meet; taken once, so that none is replayed. */
export function createTransactions(clientId: string, store: TokenStore) {
  const keyOf = (state: string) => `${encodeURIComponent(clientId)}|${state}`
  /** What is taken or forgotten was written before. */
  let saved: Promise<unknown> = Promise.resolve()

  return {
    async save(transaction: Transaction): Promise<void> {
      const expiresAtMs = transaction.startedAtMs + KEPT_FOR_MS
      const record = { key: keyOf(transaction.state), tags: [], expiresAtMs, value: transaction }
      const writing = store.write([{ type: 'put', collection: 'transactions', record }])
      saved = Promise.allSettled([saved, writing])
      await writing
    },

    /**
     * Takes what is stored, once. A page that has waited `held` the transaction itself: the record may have been
     * pruned or cleared meanwhile.
     */
    async take(state: string, nowMs: number, held?: Transaction): Promise<Transaction> {
      await saved
      const stored = await store.take('transactions', keyOf(state))
      const transaction = held ?? parseTransaction(stored?.value)
      if (!transaction || transaction.state !== state)
        throw new AuthError('transaction_not_found', 'No sign-in waits for this response.')
      const isLate = nowMs > transaction.startedAtMs + TRANSACTION_LIFETIME_MS
      if (isLate && transaction.kind !== 'popup')
        throw new AuthError('transaction_expired', 'The response came too late.', {
          correlationId: transaction.correlationId,
        })
      return transaction
    },

    async forget(state: string): Promise<void> {
      await saved
      await store.write([{ type: 'delete', collection: 'transactions', key: keyOf(state) }])
    },
  }
}

function parseTransaction(value: unknown): Transaction | undefined {
  const fields = value as Partial<Transaction> | null | undefined
  const texts = [
    fields?.state,
    fields?.codeVerifier,
    fields?.nonce,
    fields?.redirectUri,
    fields?.authority,
    fields?.returnTo,
    fields?.correlationId,
  ]
  const whole =
    texts.every((text) => typeof text === 'string') &&
    Array.isArray(fields?.scopes) &&
    Array.isArray(fields?.tokenScopes) &&
    kindOfState(fields.state ?? '') === fields.kind &&
    typeof fields?.startedAtMs === 'number'
  return whole ? (fields as Transaction) : undefined
}
