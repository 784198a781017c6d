/** Renewals by the worker of another tab, which holds the refresh token of a handle. */
import type { AccessTokenRecord, TokenQuery } from '@carnet/core'
import type { Context } from '../context/context.ts'
import { lazily } from '../platform/lazily.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { RenewalMessage } from '../startup/tabs/tab-message.ts'
import { patienceMsOf } from '../tabs/lock.ts'

export interface OtherTabs {
  /** Lets another tab renew; `undefined` if no tab does. */
  renew(query: TokenQuery): Promise<AccessTokenRecord | undefined>
  onMessage(message: RenewalMessage): void
}

/**
 * Creates the renewals by other tabs. Their part loads only with `tokens: 'worker'`, and is used without shared workers, and
 * between two versions of the worker file.
 *
 * @param renewHere Renews in this tab, without the lock.
 */
export function createOtherTabs(
  context: Context,
  renewHere: (query: TokenQuery) => Promise<AccessTokenRecord>,
  reloadAccounts: () => Promise<void>,
): OtherTabs {
  const { config, platform, accounts, announce, cache, channel, custody } = context
  // With the keys in the worker, another tab would get a token for a key of its own worker.
  const isUsed = config.tokens === 'worker' && !config.dpop?.isInWorker
  const part = lazily(async () => {
    const { createHolders, renewedSince } = await loaded(import('../context/holders.ts'))
    const holders = createHolders({
      config,
      channel,
      patienceMs: patienceMsOf(config),
      accountOf: accounts.byKey,
      holds: custody.holds,
      async renew(query) {
        const record = await renewHere(query)
        const account = accounts.byKey(record.owner) ?? query.owner
        announce.tokens({ ...query, owner: account }, record, 'renewal')
      },
    })
    return { ...holders, renewedSince }
  })

  return {
    async renew(query) {
      const handle = isUsed ? await cache.refreshTokenElsewhere(query) : undefined
      if (handle === undefined) return undefined
      const askedAtMs = platform.now()
      const { ask, renewedSince } = await part.get()
      const isDone = await ask(handle, query)
      return isDone ? renewedSince(askedAtMs, query, context, reloadAccounts) : undefined
    },
    onMessage(message) {
      if (!isUsed) return
      part
        .get()
        .then((holders) => holders.onMessage(message))
        .catch(() => undefined) // The asking tab continues without an answer.
    },
  }
}
