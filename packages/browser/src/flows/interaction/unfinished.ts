import { AuthError, isTransient, journalTag, REDEEMING, redeemedRecordKey } from '@carnet/core'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { isOfOneTab, JOURNAL, type JournalEntry, keptForMsOf } from '../../journal/entry.ts'
import { parseEntry } from '../../journal/parse-entry.ts'
import { KINDS } from '../authorization/kinds.ts'
import {
  type EntryOf,
  parseTransaction,
  type Transaction,
  writeTransaction,
} from '../authorization/transactions.ts'

/** A code is redeemed soon after its response, or never: after this time an unfinished sign-in is dropped. */
const LIFETIME_MS = 3_600_000

/** Redeems the code of a sign-in that no page has finished. `now` is the clock at the time of its answer. */
export type Finish = (
  response: URLSearchParams,
  transaction: Transaction,
  now: () => number,
) => Promise<AuthenticationResult>

/** The sign-ins whose codes are being redeemed. If their page ends, the next page finishes them. */
export interface Unfinished {
  /** Runs the redemption of a response. Another page that starts meanwhile waits for its end. */
  during<T>(
    response: URLSearchParams,
    held: Transaction | undefined,
    work: (entryOf: EntryOf | undefined) => Promise<T>,
  ): Promise<T>
  /**
   * Finishes the sign-ins of pages that have ended. Returns the result of a redirect of this tab. A sign-in that fails is
   * dropped without an error: the user can sign in again.
   */
  finish(by: Finish): Promise<AuthenticationResult | undefined>
}

/** Creates the unfinished sign-ins of a client. */
export function createUnfinished({
  config,
  page,
  platform,
  store,
  custody,
}: Pick<Context, 'config' | 'page' | 'platform' | 'store' | 'custody'>): Unfinished {
  const { journal } = custody
  const tag = journalTag(config.partition)
  const lockOf = (key: string) => `carnet.redeem|${key}`
  const forget = (key: string) =>
    store.write([{ type: 'delete', collection: JOURNAL, key }]).catch(() => false)

  const entryAt = async (key: string) => parseEntry((await store.get(JOURNAL, key))?.value)

  const entryOf =
    (key: string, response: URLSearchParams): EntryOf =>
    (transaction) => {
      const signIn: JournalEntry['signIn'] = {
        transaction: writeTransaction(transaction),
        response: String(response),
        atMs: Date.now(),
      }
      if (!KINDS[transaction.kind].waits) page.setTabNote(REDEEMING, key)
      return {
        key,
        tags: [tag],
        expiresAtMs: Date.now() + keptForMsOf(config.cache),
        value: { signIn },
      }
    }

  async function finishOne(key: string, by: Finish): Promise<AuthenticationResult | undefined> {
    // Read it again under the lock: its page may have finished.
    const { signIn, answer } = (await entryAt(key)) ?? {}
    const transaction = parseTransaction(signIn?.transaction)
    if (!signIn || !transaction) {
      if (signIn) await forget(key)
      return undefined
    }
    const isOfTab = page.tabNote(REDEEMING) === key
    const isOver =
      Math.abs(Date.now() - signIn.atMs) > LIFETIME_MS ||
      (await store.get('metadata', redeemedRecordKey(key))) !== undefined
    try {
      if (isOver)
        throw new AuthError('transaction_expired', 'The sign-in was not finished in time.')
      const ageMs = answer ? Math.max(0, Date.now() - answer.atMs) : 0
      const response = new URLSearchParams(signIn.response)
      const result = await by(response, transaction, () => platform.now() - ageMs)
      platform.log('info', 'The sign-in of an earlier page was finished.')
      return isOfTab && !KINDS[transaction.kind].waits ? result : undefined
    } catch (error) {
      platform.log('warn', `The sign-in of an earlier page could not be finished: ${error}`)
      if (isTransient(error) && !isOver) return undefined // The next page tries again.
      await forget(key)
      return undefined
    } finally {
      if (isOfTab) page.tabNote(REDEEMING, 'removed')
    }
  }

  return {
    async during(response, held, work) {
      const code = response.get('code')
      // A hidden iframe can ask again, so no page finishes its response.
      const isSilent = held && KINDS[held.kind].isSilent
      if (!journal || isSilent || code === null || store.isDegraded()) return work(undefined)
      const key = await journal.keyOf(code)
      return platform.withLock(lockOf(key), async () => {
        try {
          const done = await work(entryOf(key, response))
          // The write of the tokens has ended the entry, unless the response led to no tokens.
          if ((await entryAt(key))?.signIn) void forget(key)
          return done
        } catch (error) {
          await forget(key) // The user signs in again.
          throw error
        } finally {
          page.tabNote(REDEEMING, 'removed')
        }
      })
    },

    async finish(by) {
      let result: AuthenticationResult | undefined
      const inTab = isOfOneTab(config.cache) && page.tabNote(REDEEMING)
      // Tokens of another tab do not belong into this tab.
      for (const { key } of await store.find(JOURNAL, tag))
        if (inTab === false || inTab === key)
          result = (await platform.withLock(lockOf(key), () => finishOne(key, by))) ?? result
      return result
    },
  }
}
