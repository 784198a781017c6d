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
import type { Config } from '../api/config.ts'
import type { TabChannel } from '../startup/tabs/channel.ts'
import type { RenewalMessage } from '../startup/tabs/tab-message.ts'
import type { Context } from './context.ts'

/** The limit for the first answer of the tab that holds a refresh token; a frozen or closed tab never answers. */
const ANSWER_WITHIN_MS = 1000

/** Asks the tabs whose workers hold refresh tokens. */
export interface Holders {
  /**
   * Asks the tab that holds the refresh token of `handle` to renew. Resolves with true if the tab reports a renewal.
   *
   * @throws AuthError `other_tab_failed` if the tab reports a transient failure.
   */
  ask(handle: string, query: TokenQuery): Promise<boolean>
  onMessage(message: RenewalMessage): void
}

/**
 * Lets one tab renew for another tab, because the worker of each tab holds its own refresh tokens. The asking tab holds the
 * refresh lock meanwhile.
 */
export function createHolders(deps: {
  config: Pick<Config, 'dialect' | 'tokenType'>
  channel: TabChannel
  patienceMs: number
  accountOf: (key: string) => Account | undefined
  holds: (handle: string) => Promise<boolean>
  /** Renews in this tab, without the lock. */
  renew: (query: TokenQuery) => Promise<unknown>
}): Holders {
  const { config, channel, patienceMs, accountOf, holds, renew } = deps
  const { dialect, tokenType } = config
  const waiting = new Map<string, (message: RenewalMessage) => void>()

  async function answer({ id, account: key, wish }: RenewalMessage): Promise<void> {
    const account = accountOf(key)
    if (!account || !wish || !(await holds(wish.handle))) return
    const message = { account: key, id }
    channel.post({ type: 'renewalTaken', ...message })
    const { texts, resource, authority, claims, parameters } = wish
    const keyed = parameters && { parameters, ...(await parameterKeys(parameters, dialect)) }
    const query = toTokenQuery(account, texts, {
      ...{ dialect, tokenType, resource, authority, claims },
      ...keyed,
    })
    // The new token is in the store; only a failure is reported.
    const failed = await renew(query).then(
      () => undefined,
      (error) => (isTransient(error) ? 'passing' : 'final'),
    )
    channel.post({ type: 'renewalDone', ...message, failed })
  }

  return {
    ask(handle: string, query: TokenQuery): Promise<boolean> {
      const id = crypto.randomUUID()
      const { requestedScopes, authority, claims, parameters } = query
      const resource = indicatorOf(query) ?? ''
      const wish = { handle, resource, texts: requestedScopes, authority, claims, parameters }
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
        channel.post({
          type: 'renewalAsked',
          account: accountKey(query.owner),
          id,
          wish,
        })
      })
    },

    onMessage(message: RenewalMessage): void {
      // The asking tab continues without an answer.
      if (message.type === 'renewalAsked') answer(message).catch(() => undefined)
      else waiting.get(message.id)?.(message)
    },
  }
}

const unreachable = () =>
  new AuthError('other_tab_failed', 'The tab that holds the refresh token could not renew for now.')

/**
 * The token that another tab acquired since the request. Only a token that arrived after the request counts, because a tab
 * may fail without reporting it.
 */
export async function renewedSince(
  askedAtMs: number,
  query: TokenQuery,
  { platform, accounts, cache }: Pick<Context, 'platform' | 'accounts' | 'cache'>,
  reloadAccounts: () => Promise<void>,
): Promise<AccessTokenRecord | undefined> {
  const { owner: account, authority, dialect } = query
  // In another tenant the same user has another account, which was stored with the token.
  if (authority !== undefined) await reloadAccounts()
  const owner = authority === undefined ? account : accounts.inTenant(account, authority, dialect)
  const found = owner && (await cache.find({ ...query, owner }, platform.now()))
  return found && arrivedAtMs(found) >= askedAtMs ? found : undefined
}
