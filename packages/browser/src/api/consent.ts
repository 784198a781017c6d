import type { Account, ConsentPlan, ConsentRecord } from '@carnet/core'

/** The account and the resource of a consent plan. */
export interface ConsentQuestion {
  /** Default the active account. */
  readonly account?: Account | undefined
  /** The resource of the scopes (RFC 8707), if the scopes do not name it. */
  readonly resource?: string | undefined
}

/** The recorded consents, and predictions for requests. It makes no request and does not ask the user. */
export interface Consent {
  /** Predicts what a token for the scopes needs, for each resource of the scopes. */
  plan(scopes: readonly string[], question?: ConsentQuestion): Promise<ConsentPlan[]>
  /** Returns the requested, granted and declined scopes, for each resource. */
  entries(account?: Account): Promise<ConsentRecord[]>
}
