import {
  type Account,
  keysOf,
  notSignedIn,
  planConsent,
  signInTermsOf,
  splitByResource,
} from '@carnet/core'
import type { Consent } from '../api/consent.ts'
import { checkRequest } from '../checks/check-request.ts'
import type { Context } from '../context/context.ts'

export function createConsent({ config, cache, accounts, ledger }: Context): Consent {
  function known(account: Account | undefined): Account | undefined {
    if (account === undefined) return accounts.active()
    const found = accounts.record(account)?.account
    if (!found) throw notSignedIn()
    return found
  }

  return {
    async plan(scopes, { account, resource } = {}) {
      checkRequest.silent({ scopes, account, resource })
      const owner = known(account)
      const keys = keysOf(signInTermsOf(owner && accounts.record(owner)))
      const questions = splitByResource(owner ?? NOBODY, scopes, config.dialect, resource, {
        ...keys,
        tokenType: config.tokenType,
      })
      const deps = { cache, ledger, now: config.now }
      return Promise.all(questions.map((query) => planConsent(query, deps)))
    },

    async entries(account) {
      const owner = known(account)
      return owner ? ledger.entries(owner) : []
    },
  }
}

/** An account without tokens and consents: every plan for it is `prompt`. */
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
