import {
  AuthError,
  type RecordStore,
  type SignInTerms,
  type StoredRecord,
  transactionRecordKey,
} from '@carnet/core'
import type { PendingAuthorization } from '@carnet/core/network'
import { dictionaryOf, formatOf, instant, optional, shape, text, texts } from '@carnet/core/records'
import type { ResponseKind } from '../../startup/response.ts'
import { KINDS } from './kinds.ts'
import type { AttemptReason } from './second-attempt.ts'
import { kindOfState } from './state.ts'
import type { TabTransactions } from './tab-transactions.ts'

/** The default of `interaction.transactionLifetimeMs`: registrations with e-mail confirmation take long. */
export const TRANSACTION_LIFETIME_MS = 3_600_000
/** An expired transaction stays in the store for this time, so that the error can be `transaction_expired`. */
const KEPT_FOR_MS = 24 * 3_600_000

/** The stored data of an authorization request until its response arrives. */
export interface Transaction extends PendingAuthorization {
  readonly authority: string
  readonly kind: ResponseKind
  /** The `accountKey` of the requested account, if there was one. */
  readonly account?: string | undefined
  /** The scopes of earlier grants that the request repeats, so that they are not lost. */
  readonly repeats?: { readonly account: string; readonly scopes: readonly string[] } | undefined
  /** The scopes that Carnet added; the app did not request them. */
  readonly added?: readonly string[] | undefined
  readonly responseMode?: 'fragment' | 'query' | undefined
  /** The parameters of the authorization request by their wire names, for a second attempt. */
  readonly parameters?: Readonly<Record<string, string | undefined>> | undefined
  /** The reasons of the attempts so far. Each reason occurs once. */
  readonly attempts?: readonly AttemptReason[] | undefined
  /** The added scopes that were left out of a second attempt. */
  readonly refusedScopes?: readonly string[] | undefined
  /** The parameters of the request that change tokens, and the requested OpenID Connect scopes. */
  readonly terms?: SignInTerms | undefined
  /** The requested session, if there was one. */
  readonly sid?: string | undefined
  /** The thumbprint of the key that the code is bound to (`dpop_jkt`). */
  readonly jkt?: string | undefined
  /** True if the app has set the `nonce`: a second attempt keeps it. */
  readonly hasOwnNonce?: boolean | undefined
  readonly appState?: string | undefined
  readonly returnTo: string
  /** True if the user stays at the redirect URI: `returnTo` is information for the app. */
  readonly staysAtRedirectUri?: boolean | undefined
  /** Whether the account becomes the active account, if the app decides about it. */
  readonly activates?: boolean | undefined
  readonly correlationId: string
  readonly startedAtMs: number
}

/** Returns the record of the journal for a transaction. */
export type EntryOf = (transaction: Transaction) => StoredRecord

/** Stores authorization requests until their responses arrive. */
export interface Transactions {
  /** Stores a transaction. Resolves with true if the transaction of a redirect survives the page. */
  save(transaction: Transaction): Promise<boolean>
  /**
   * Takes a stored transaction, once. A waiting page `held` the transaction in memory, because the record may have been pruned
   * or cleared meanwhile.
   *
   * @param entryOf Returns the journal entry that takes the place of the transaction, in one write: the next page of the app
   * can then finish the sign-in, if this page cannot.
   */
  take(state: string, nowMs: number, held?: Transaction, entryOf?: EntryOf): Promise<Transaction>
  /** Deletes a transaction whose response will not arrive. */
  forget(state: string): Promise<void>
}

/**
 * Creates the transactions of a client. There is one record per `state`, so parallel sign-ins do not conflict. A record can be
 * taken once, so no response can be replayed.
 *
 * @param tab Stores a second copy of the transactions of redirects, which must survive their page.
 * @param lifetimeMs The longest time between leaving the page and the response. Popups have no limit.
 */
export function createTransactions(
  partition: string,
  store: RecordStore,
  lifetimeMs = TRANSACTION_LIFETIME_MS,
  tab?: TabTransactions,
): Transactions {
  const keyOf = (state: string) => transactionRecordKey(partition, state)
  const inTab = (state: string) => (kindOfState(state) === 'redirect' ? tab : undefined)
  /** The last write: `take` and `forget` wait for it. */
  let saved: Promise<unknown> = Promise.resolve()

  /** Replaces a record by the entry of the journal: of two callers, only one gets the record. */
  async function replace(
    key: string,
    held: Transaction | undefined,
    entryOf: EntryOf,
  ): Promise<StoredRecord | undefined> {
    const name = { collection: 'transactions', key } as const
    const stored = await store.get('transactions', key)
    const transaction = held ?? parseTransaction(stored?.value)
    if (!stored || !transaction) return undefined
    const record = entryOf(transaction)
    const applied = await store.write(
      [
        { type: 'put', collection: 'transactions', record },
        { type: 'delete', ...name },
      ],
      name,
    )
    return applied ? stored : undefined
  }

  return {
    async save(transaction: Transaction): Promise<boolean> {
      const expiresAtMs = transaction.startedAtMs + lifetimeMs + KEPT_FOR_MS
      const value = transactionFormat.write(transaction)
      const record = { key: keyOf(transaction.state), tags: [], expiresAtMs, value }
      const writing = store
        .write([{ type: 'put', collection: 'transactions', record }])
        .then(() => inTab(transaction.state)?.save(record, transaction.startedAtMs) ?? true)
      saved = Promise.allSettled([saved, writing])
      return writing
    },

    async take(state, nowMs, held, entryOf): Promise<Transaction> {
      await saved
      const stored = await (entryOf
        ? replace(keyOf(state), held, entryOf)
        : store.take('transactions', keyOf(state)))
      // Always take the copy: it must not exist for a second response.
      const copy = await inTab(state)?.take(keyOf(state))
      const transaction = held ?? parseTransaction(stored?.value ?? copy)
      if (!transaction || transaction.state !== state)
        throw new AuthError(
          'transaction_not_found',
          'The `state` of the response matches no pending sign-in.',
        )
      const isLate = nowMs > transaction.startedAtMs + lifetimeMs
      if (isLate && !KINDS[transaction.kind].mayBeLate)
        throw new AuthError(
          'transaction_expired',
          `The sign-in took longer than ${lifetimeMs / 1000} seconds.`,
          { correlationId: transaction.correlationId },
        )
      return transaction
    },

    async forget(state: string): Promise<void> {
      await saved
      await inTab(state)?.take(keyOf(state))
      await store.write([{ type: 'delete', collection: 'transactions', key: keyOf(state) }])
    },
  }
}

const anyText = optional(text)
const flag = optional((value) => typeof value === 'boolean')

const transactionFormat = formatOf<Transaction>(
  1,
  shape<Transaction, 'hint' | 'maxAgeMs' | 'repeats' | 'parameters' | 'terms'>({
    state: text,
    nonce: text,
    codeVerifier: text,
    redirectUri: text,
    scopes: texts,
    tokenScopes: texts,
    resource: anyText,
    tokenParameters: optional(dictionaryOf(text)),
    anchorMailbox: anyText,
    authority: text,
    kind: text,
    account: anyText,
    added: optional(texts),
    responseMode: anyText,
    attempts: optional(texts),
    refusedScopes: optional(texts),
    sid: anyText,
    jkt: anyText,
    appState: anyText,
    returnTo: text,
    hasOwnNonce: flag,
    staysAtRedirectUri: flag,
    activates: flag,
    correlationId: text,
    startedAtMs: instant,
  }),
)

/** Returns the value to store. */
export const writeTransaction = (transaction: Transaction): unknown =>
  transactionFormat.write(transaction)

/** Parses a transaction. The kind in its `state` must equal the sealed kind. */
export function parseTransaction(value: unknown): Transaction | undefined {
  const transaction = transactionFormat.read(value)
  return transaction && kindOfState(transaction.state) === transaction.kind
    ? transaction
    : undefined
}
