import {
  type Account,
  type AccountRegistry,
  keysOf,
  type ParameterKeys,
  type ParametersOfRequest,
  parameterKeys,
  type RequestParameters,
  requestParameters,
  signInTermsOf,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import type { Config } from '../api/config.ts'
import type { SilentRequest } from '../api/requests.ts'

/** Request parameters, and the keys by which their tokens and grants are found. */
export type Keyed = ParameterKeys & { readonly parameters?: RequestParameters | undefined }

/** The parameters of a request: its own parameters, and the parameters of the account's sign-in. */
export async function keyedParameters(
  account: Account,
  request: ParametersOfRequest,
  {
    config,
    accounts,
  }: { readonly config: Pick<Config, 'dialect'>; readonly accounts: AccountRegistry },
): Promise<Keyed> {
  const earlier = signInTermsOf(accounts.record(account))
  const { extraParameters, tokenParameters, claims } = request
  const namesNone = [extraParameters, tokenParameters, claims].every((value) => value === undefined)
  if (namesNone) return { parameters: earlier.parameters, ...keysOf(earlier) }
  const parameters = requestParameters(request, earlier.parameters)
  return { parameters, ...(await parameterKeys(parameters, config.dialect)) }
}

/** The query of a silent request for an account. */
export async function queryOf(
  account: Account,
  request: SilentRequest,
  context: {
    readonly config: Pick<Config, 'dialect' | 'tokenType'>
    readonly accounts: AccountRegistry
  },
): Promise<TokenQuery> {
  const { scopes, resource, authority, claims, maxAgeMs, forceRefresh } = request
  const { dialect, tokenType } = context.config
  const there =
    authority === undefined ? account : context.accounts.inTenant(account, authority, dialect)
  return toTokenQuery(there ?? account, scopes, {
    dialect,
    tokenType,
    resource,
    authority: there ? undefined : authority,
    claims,
    maxAgeMs,
    forceRefresh,
    ...(await keyedParameters(there ?? account, request, context)),
  })
}
