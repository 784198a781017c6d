import {
  type Account,
  AuthError,
  type ConsentPlan,
  type ConsentRecord,
  planConsent,
  signInTermsOf,
  splitByResource,
} from '@carnet/core'
import { checkRequest } from './check-request.ts'
import type { Runtime } from './runtime.ts'

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

export function createConsent({ config, cache, accounts, ledger }: Runtime): Consent {
  function known(account: Account | undefined): Account | undefined {
    if (account === undefined) return accounts.active()
    const found = accounts.record(account)?.account
    if (!found) throw new AuthError('account_not_found', 'The account is not signed in here.')
    return found
  }

  return {
    async plan(scopes, { account, resource } = {}) {
      checkRequest.silent({ scopes, account, resource })
      const owner = known(account)
      const { parametersKey, grantKey } = signInTermsOf(owner && accounts.record(owner))
      const keys = { parametersKey, grantKey }
      const questions = splitByResource(owner ?? NOBODY, scopes, config.profile, resource, keys)
      const deps = { cache, ledger, now: config.now }
      return Promise.all(questions.map((query) => planConsent(query, deps)))
    },

    async entries(account) {
      const owner = known(account)
      return owner ? ledger.entries(owner) : []
    },
  }
}

/** Holds nothing, so that every plan for it is to ask. */
export const NOBODY: Account = Object.freeze({
  id: '',
  homeAccountId: '',
  environment: '',
  tenantId: '',
  localAccountId: '',
  username: '',
  name: undefined,
  idTokenClaims: { iss: '', sub: '' },
})
