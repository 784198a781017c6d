import { asObject } from '../encoding/json.ts'
import { parseRequestParameters } from '../parameters/request-parameters.ts'
import type { AccountRecord, SignInTerms } from './account.ts'

/** The terms of the sign-in of an account. Omits parts that are malformed, or that an early version did not store. */
export function signInTermsOf(record: AccountRecord | undefined): Partial<SignInTerms> {
  const stored = asObject(record?.signedInWith)
  const { oidcScopes, parametersKey, detailsKey, grantKey } = stored ?? {}
  const scopes = Array.isArray(oidcScopes) ? oidcScopes.filter(isText) : undefined
  const parameters = parseRequestParameters(stored?.parameters)
  const keys = parameters && {
    parameters,
    parametersKey: text(parametersKey),
    detailsKey: text(detailsKey),
    grantKey: text(grantKey),
  }
  return { ...(scopes && { oidcScopes: scopes }), ...keys }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const text = (value: unknown) => (isText(value) ? value : undefined)
