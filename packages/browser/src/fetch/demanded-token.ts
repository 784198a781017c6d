import { accountKey, tokenSetKey } from '@carnet/core'
import type { AccessTokenRecord } from '@carnet/core/base'
import type { ApiChallenge } from '@carnet/core/resources'
import type { Parts } from '../engine/open-parts.ts'
import { queryOf } from '../tokens/query-of.ts'
import type { Wish } from './call.ts'

/** The token that a challenge asks for, as the fields of a token request. */
export interface DemandedToken extends Wish {
  readonly claims?: string | undefined
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  readonly maxAgeMs?: number | undefined
}

/** Adds the demand of a challenge to the token of a call. */
export function demandedToken(wish: Wish, challenge: ApiChallenge): DemandedToken {
  switch (challenge.kind) {
    case 'claims':
      return { ...wish, claims: challenge.claims }
    case 'scope':
      return { ...wish, scopes: [...new Set([...wish.scopes, ...challenge.scopes])] }
    case 'step_up': {
      const { acrValues, maxAgeMs } = challenge
      const extraParameters = acrValues.length > 0 ? { acr_values: acrValues.join(' ') } : undefined
      return { ...wish, extraParameters, maxAgeMs }
    }
    default:
      return wish
  }
}

/**
 * Replaces the tokens of a call by the token that the API demanded: later calls must not send the refused token. A token of
 * a request with other parameters has another key, so it is copied.
 *
 * @param from The token, or the request by which the cache finds it.
 */
export async function replaceToken(
  { context }: Pick<Parts, 'context'>,
  wish: Wish,
  from: AccessTokenRecord | DemandedToken,
): Promise<void> {
  const { cache, store, channel, config, announce } = context
  const plain = await queryOf(wish.account, wish, context)
  const asked = 'token' in from ? undefined : await queryOf(wish.account, from, context)
  const isCopied = asked === undefined || tokenSetKey(asked) !== tokenSetKey(plain)
  const record = 'token' in from ? from : asked && (await cache.find(asked, config.now()))
  if (!record || !isCopied || !context.accounts.record(wish.account)) return
  const { parametersKey, detailsKey } = plain
  await store.write(
    [...cache.superseded(plain), ...cache.keep({ ...record, parametersKey, detailsKey })],
    context.accounts.nameOf(wish.account),
  )
  cache.forget(record.owner)
  channel.post({ type: 'tokensChanged', account: accountKey(wish.account) })
  announce.changed()
}
