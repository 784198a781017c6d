import { AuthError, type RecordStore, type SignInTerms, transactionRecordKey } from '@carnet/core'
import type { PendingAuthorization } from '@carnet/core/network'
import { dictionaryOf, formatOf, instant, optional, shape, text, texts } from '@carnet/core/records'
import type { ResponseKind } from '../../startup/response.ts'
import { KINDS } from './kinds.ts'
import type { AttemptReason } from './second-attempt.ts'
import { kindOfState } from './state.ts'
import type { TabTransactions } from './tab-transactions.ts'

/** The default of `interaction.transactionLifetimeMs`: registrations with e-mail confirmation take long. */
export const TRANSACTION_LIFETIME_MS = 3_600_000
/** An expired transaction stays in the store for this time, so that the error can say that it expired. */
const KEPT_FOR_MS = 24 * 3_600_000

/** What is kept of an authorization request until its response comes. */
export interface Transaction extends PendingAuthorization {
  readonly authority: string
  readonly kind: ResponseKind
  /** `accountKey` of the account that was asked for, where one was. */
  readonly account?: string | undefined
  /** What was granted to an account before and is asked for again, so that it is not lost. */
  readonly repeats?: { readonly account: string; readonly scopes: readonly string[] } | undefined
  /** The scopes that Carnet added, and that the app did not ask for. */
  readonly added?: readonly string[] | undefined
  readonly responseMode?: 'fragment' | 'query' | undefined
  /** Parameters of the authorization request by their wire names, to send it once more. */
  readonly parameters?: Readonly<Record<string, string | undefined>> | undefined
  /** Why the request was sent again, once per reason. */
  readonly attempts?: readonly AttemptReason[] | undefined
  /** The added scopes that were left out of a second attempt. */
  readonly refusedScopes?: readonly string[] | undefined
  /** The parameters of the request that change tokens, and the scopes of OpenID Connect that the app asked for. */
  readonly terms?: SignInTerms | undefined
  /** The session that was asked for, where one was. */
  readonly sid?: string | undefined
  readonly appState?: string | undefined
  readonly returnTo: string
  readonly correlationId: string
  readonly startedAtMs: number
}

/** Keeps authorization requests until their response comes. */
export interface Transactions {
  /** Says whether the transaction of a redirect outlives the page. */
  save(transaction: Transaction): Promise<boolean>
  /**
   * Takes what is stored, once. A page that has waited `held` the transaction itself: the record may have been
   * pruned or cleared meanwhile.
   */
  take(state: string, nowMs: number, held?: Transaction): Promise<Transaction>
  /** Drops a transaction whose response will not come. */
  forget(state: string): Promise<void>
}

/**
 * One record per `state`, so that parallel sign-ins never meet; taken once, so that none is replayed.
 *
 * @param tab Keeps a second copy of those of redirects, which outlive their page.
 * @param lifetimeMs How long the user may take between leaving the page and the response. Popups have no limit.
 */
export function createTransactions(
  partition: string,
  store: RecordStore,
  lifetimeMs = TRANSACTION_LIFETIME_MS,
  tab?: TabTransactions,
): Transactions {
  const keyOf = (state: string) => transactionRecordKey(partition, state)
  const inTab = (state: string) => (kindOfState(state) === 'redirect' ? tab : undefined)
  /** What is taken or forgotten was written before. */
  let saved: Promise<unknown> = Promise.resolve()

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

    async take(state: string, nowMs: number, held?: Transaction): Promise<Transaction> {
      await saved
      const stored = await store.take('transactions', keyOf(state))
      // The copy is taken in any case: it must not be there for a second response.
      const copy = await inTab(state)?.take(keyOf(state))
      const transaction = held ?? parseTransaction(stored?.value ?? copy)
      if (!transaction || transaction.state !== state)
        throw new AuthError('transaction_not_found', 'No sign-in waits for this response.')
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
    appState: anyText,
    returnTo: text,
    correlationId: text,
    startedAtMs: instant,
  }),
)

/** The kind that the `state` announces must be the one that was sealed. */
function parseTransaction(value: unknown): Transaction | undefined {
  const transaction = transactionFormat.read(value)
  return transaction && kindOfState(transaction.state) === transaction.kind
    ? transaction
    : undefined
}
