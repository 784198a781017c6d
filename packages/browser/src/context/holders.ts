import {
  type AccessTokenRecord,
  type Account,
  AuthError,
  accountKey,
  arrivedAtMs,
  indicatorOf,
  isTransient,
  parameterKeys,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import type { Config } from '../api/options.ts'
import type { TabChannel } from '../startup/channel.ts'
import type { RenewalMessage } from '../startup/tab-message.ts'
import type { Runtime } from './runtime.ts'

/** How soon the tab that holds a refresh token says that it is at it; a frozen or closed one never does. */
const ANSWER_WITHIN_MS = 1000

/** Asks the tabs whose workers hold refresh tokens. */
export interface Holders {
  /**
   * Asks the tab that holds the refresh token behind `handle`; says whether it has renewed, as far as it tells.
   *
   * @throws AuthError `other_tab_failed` if that tab could not do so for now.
   */
  ask(handle: string, query: TokenQuery): Promise<boolean>
  hear(message: RenewalMessage): void
}

/**
 * Where workers keep the refresh tokens, each tab has its own: whoever needs one of another tab asks that one to renew.
 * The asker holds the refresh lock meanwhile.
 */
export function createHolders(deps: {
  config: Pick<Config, 'profile'>
  channel: TabChannel
  patienceMs: number
  accountOf: (key: string) => Account | undefined
  holds: (handle: string) => Promise<boolean>
  /** Renews here, without the lock. */
  renew: (query: TokenQuery) => Promise<unknown>
}): Holders {
  const { config, channel, patienceMs, accountOf, holds, renew } = deps
  const { profile } = config
  const waiting = new Map<string, (message: RenewalMessage) => void>()

  async function answer({ id, account: key, wish }: RenewalMessage): Promise<void> {
    const account = accountOf(key)
    if (!account || !wish || !(await holds(wish.handle))) return
    const said = { account: key, id }
    channel.say({ type: 'renewalTaken', ...said })
    const { texts, resource, authority, claims, parameters } = wish
    const keyed = parameters && { parameters, ...(await parameterKeys(parameters, profile)) }
    const query = toTokenQuery(account, texts, { profile, resource, authority, claims, ...keyed })
    // What came of it stands in the store; that nothing did is said.
    const failed = await renew(query).then(
      () => undefined,
      (error) => (isTransient(error) ? 'passing' : 'final'),
    )
    channel.say({ type: 'renewalDone', ...said, failed })
  }

  return {
    ask(handle: string, query: TokenQuery): Promise<boolean> {
      const id = crypto.randomUUID()
      const { texts, authority, claims, parameters } = query
      const resource = indicatorOf(query) ?? ''
      const wish = { handle, resource, texts, authority, claims, parameters }
      return new Promise((resolve) => {
        const end = (outcome: boolean | Promise<never>) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(outcome)
        }
        let timer = setTimeout(() => end(false), ANSWER_WITHIN_MS)
        waiting.set(id, ({ type, failed }) => {
          clearTimeout(timer)
          if (type !== 'renewalDone') timer = setTimeout(() => end(false), patienceMs)
          else end(failed === 'passing' ? Promise.reject(unreachable()) : failed === undefined)
        })
        channel.say({
          type: 'renewalAsked',
          account: accountKey(query.owner),
          id,
          wish,
        })
      })
    },

    hear(message: RenewalMessage): void {
      // Whoever asks goes on where no answer comes.
      if (message.type === 'renewalAsked') answer(message).catch(() => undefined)
      else waiting.get(message.id)?.(message)
    },
  }
}

const unreachable = () =>
  new AuthError('other_tab_failed', 'The tab that keeps the refresh token could not renew for now.')

/**
 * What another tab has got since it was asked. An older token is no answer: who asked wanted a new one, and not every
 * tab says that it has failed.
 */
export async function renewedSince(
  askedAtMs: number,
  query: TokenQuery,
  { platform, accounts, cache }: Pick<Runtime, 'platform' | 'accounts' | 'cache'>,
  reloadAccounts: () => Promise<void>,
): Promise<AccessTokenRecord | undefined> {
  const { owner: account, authority, profile } = query
  // Another tenant sees the same person as another account, which came with the token.
  if (authority !== undefined) await reloadAccounts()
  const owner = authority === undefined ? account : accounts.inTenant(account, authority, profile)
  const found = owner && (await cache.find({ ...query, owner }, platform.now()))
  return found && arrivedAtMs(found) >= askedAtMs ? found : undefined
}
