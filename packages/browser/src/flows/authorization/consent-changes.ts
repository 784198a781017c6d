import {
  type Account,
  keysOf,
  resourceScopes,
  type SignInTerms,
  type StoreChange,
  splitByResource,
} from '@carnet/core'
import type { TokenResponse } from '@carnet/core/network'
import type { Context } from '../../context/context.ts'
import type { Transaction } from './transactions.ts'

/** The changes that record the consent of the user: for the scopes of the token, and for scopes for consent only. */
export async function consentChanges(
  account: Account,
  grant: TokenResponse,
  how: { readonly isComplete: boolean; readonly isInteractive: boolean },
  { scopes, resource, terms = NO_TERMS }: Transaction,
  { config, ledger }: Context,
): Promise<StoreChange[]> {
  const { dialect } = config
  const asked = resourceScopes(scopes)
  const questions = splitByResource(account, asked, dialect, resource, keysOf(terms))
  const granted = resourceScopes(grant.grantedScopes)
  const noted = questions.map((question) =>
    ledger.noteGrant(question, dialect.consentsAsWhole ? question.scopeKeys : granted, scopes, how),
  )
  return (await Promise.all(noted)).flat()
}

/** The terms of a transaction of an early version, which did not store them. */
export const NO_TERMS: SignInTerms = {
  oidcScopes: [],
  parameters: { authorization: {}, token: {} },
}
