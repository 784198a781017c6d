import { keysOf, parseRequestParameters } from '../parameters/request-parameters.ts'
import { of, optional, shape, text, texts } from '../records/shape.ts'
import type { AccountRecord, SignInTerms } from './account.ts'

const parseScopes = shape<Pick<SignInTerms, 'oidcScopes'>>({ oidcScopes: texts })

/** A key without its parameters is of no use, and neither are parameters with a malformed key. */
const parseParameters = shape<Omit<SignInTerms, 'oidcScopes'>>({
  parameters: of(parseRequestParameters),
  parametersKey: optional(text),
  detailsKey: optional(text),
  grantKey: optional(text),
})

/** The terms of the sign-in of an account. Omits parts that are malformed, or that an early version did not store. */
export function signInTermsOf(record: AccountRecord | undefined): Partial<SignInTerms> {
  const scopes = parseScopes(record?.signedInWith)
  const terms = parseParameters(record?.signedInWith)
  return {
    ...(scopes && { oidcScopes: scopes.oidcScopes }),
    ...(terms && { parameters: terms.parameters, ...keysOf(terms) }),
  }
}
