import { type AccountRegistry, covers, type Platform, type TokenQuery } from '@carnet/core'
import type { PlannedRenewal } from '../api/planned-renewal.ts'
import { type createWatchedTokens, purposeOf, type Watched } from './watched-tokens.ts'

/** Describes the planned renewals of watched tokens to the app. */
export function createPlans(
  watched: Pick<ReturnType<typeof createWatchedTokens>, 'values'>,
  accounts: AccountRegistry,
  platform: Platform,
  isEnabled: () => boolean = () => true,
) {
  let planned: readonly PlannedRenewal[] = Object.freeze([])

  /** The tokens of signed-in accounts that are in use or not expired; none while renewals are stopped. */
  const living = () =>
    [...watched.values()].filter(
      ({ query, used: isUsed, record }) =>
        isEnabled() &&
        accounts.record(query.owner) &&
        (isUsed || platform.now() < record.expiresAtMs),
    )

  return {
    living,
    /** The time of the next attempt for a token whose renewal failed, in milliseconds since the epoch. */
    nextTryAtMs: (query: TokenQuery): number | undefined =>
      living().find(
        (token) =>
          token.used &&
          purposeOf(token.query) === purposeOf(query) &&
          covers(token.query.scopeKeys, query.scopeKeys) &&
          token.dueAtMs > platform.now(),
      )?.dueAtMs,
    /** The plans of the last call of `current`. */
    last: () => planned,
    /** The planned renewals. The array is frozen, and the same until something in it changes. */
    current(): readonly PlannedRenewal[] {
      const next = living().map(planOf)
      const isSame = next.length === planned.length && next.every(isEqualTo(planned))
      if (!isSame) planned = Object.freeze(next)
      return planned
    },
  }
}

const planOf = ({ query, record, dueAtMs, used }: Watched): PlannedRenewal =>
  Object.freeze({
    account: query.owner,
    resource: record.resource,
    scopes: record.grantedTexts ?? record.grantedScopes,
    renewOn: new Date(dueAtMs),
    expiresOn: new Date(record.expiresAtMs),
    used,
  })

const isEqualTo =
  (others: readonly PlannedRenewal[]) =>
  (plan: PlannedRenewal, index: number): boolean => {
    const other = others[index]
    return (
      plan.account === other?.account &&
      plan.resource === other.resource &&
      plan.scopes === other.scopes &&
      plan.used === other.used &&
      plan.renewOn.getTime() === other.renewOn.getTime() &&
      plan.expiresOn.getTime() === other.expiresOn.getTime()
    )
  }
