import { type Account, accountKey, indicatorOf, type TokenQuery, toTokenQuery } from '@carnet/core'
import type { Config } from '../options.ts'
import type { TabChannel } from '../tabs/channel.ts'
import type { RenewalMessage } from '../tabs/tab-message.ts'

/** How soon the tab that holds a refresh token says that it is at it; a frozen or closed one never does. */
const ANSWER_WITHIN_MS = 1000

/**
 * Where workers keep the refresh tokens, each tab has its own: whoever needs one of another tab asks that one to renew.
 * The asker holds the refresh lock meanwhile.
 */
export function createHolders(deps: {
  config: Pick<Config, 'clientId' | 'profile'>
  channel: TabChannel
  patienceMs: number
  accountOf: (key: string) => Account | undefined
  holds: (handle: string) => Promise<boolean>
  /** Renews here, without the lock. */
  renew: (query: TokenQuery) => Promise<unknown>
}) {
  const { config, channel, patienceMs, accountOf, holds, renew } = deps
  const { clientId, profile } = config
  const waiting = new Map<string, (type: RenewalMessage['type']) => void>()

  async function answer({ id, account: key, wish }: RenewalMessage): Promise<void> {
    const account = accountOf(key)
    if (!account || !wish || !(await holds(wish.handle))) return
    const said = { clientId, account: key, id }
    channel.say({ type: 'renewalTaken', ...said })
    const { texts, resource, authority, claims } = wish
    const query = toTokenQuery(account, texts, { profile, resource, authority, claims })
    await renew(query).catch(() => undefined) // What became of it stands in the store.
    channel.say({ type: 'renewalDone', ...said })
  }

  return {
    /** Asks the tab that holds the refresh token behind `handle`; says whether it has tried to renew. */
    ask(handle: string, query: TokenQuery): Promise<boolean> {
      const id = crypto.randomUUID()
      const { texts, authority, claims } = query
      const wish = { handle, resource: indicatorOf(query) ?? '', texts, authority, claims }
      return new Promise((resolve) => {
        const end = (isDone: boolean) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(isDone)
        }
        let timer = setTimeout(() => end(false), ANSWER_WITHIN_MS)
        waiting.set(id, (type) => {
          clearTimeout(timer)
          if (type === 'renewalDone') end(true)
          else timer = setTimeout(() => end(false), patienceMs)
        })
        channel.say({
          type: 'renewalAsked',
          clientId,
          account: accountKey(query.account),
          id,
          wish,
        })
      })
    },

    hear(message: RenewalMessage): void {
      if (message.clientId !== clientId) return
      // Whoever asks goes on where no answer comes.
      if (message.type === 'renewalAsked') answer(message).catch(() => undefined)
      else waiting.get(message.id)?.(message.type)
    },
  }
}

export type Holders = ReturnType<typeof createHolders>
