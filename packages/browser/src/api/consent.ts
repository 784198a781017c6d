import type { Account, ConsentPlan, ConsentRecord } from '@carnet/core'

/** Whose consent, and for which API where the scopes do not say. */
export interface ConsentQuestion {
  /** Default the active account. */
  readonly account?: Account | undefined
  /** The RFC 8707 resource that the scopes are of. */
  readonly resource?: string | undefined
}

/** What was asked of whom, and what a token would take. Nobody is asked, no request is made. */
export interface Consent {
  /** What a token for these scopes would take, for each resource that they are of. */
  plan(scopes: readonly string[], question?: ConsentQuestion): Promise<ConsentPlan[]>
  /** What was asked, granted and declined, for each resource. */
  entries(account?: Account): Promise<ConsentRecord[]>
}
