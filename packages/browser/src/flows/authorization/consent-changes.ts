import {
  type Account,
  keysOf,
  resourceScopes,
  type SignInTerms,
  type StoreChange,
  splitByResource,
} from '@carnet/core'
import type { TokenGrant } from '@carnet/core/network'
import type { Runtime } from '../../context/runtime.ts'
import type { Transaction } from './transactions.ts'

/** The consent of the user: for this token, and for those that were only asked about with it. */
export async function consentChanges(
  account: Account,
  grant: TokenGrant,
  how: { readonly isComplete: boolean; readonly isInteractive: boolean },
  { scopes, resource, terms = NO_TERMS }: Transaction,
  { config, ledger }: Runtime,
): Promise<StoreChange[]> {
  const { profile } = config
  const asked = resourceScopes(scopes)
  const questions = splitByResource(account, asked, profile, resource, keysOf(terms))
  // Entra's page is agreed to as a whole, and its answer speaks of one resource only.
  const granted = resourceScopes(grant.grantedScopes)
  const noted = questions.map((question) =>
    ledger.noteGrant(question, profile === 'entra' ? question.scopes : granted, scopes, how),
  )
  return (await Promise.all(noted)).flat()
}

/** A transaction of an early version says no more. */
export const NO_TERMS: SignInTerms = {
  oidcScopes: [],
  parameters: { authorization: {}, token: {} },
}
