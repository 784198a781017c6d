import {
  difference,
  lastingParameters,
  parameterKeys,
  requestParameters,
  resourceScopes,
  type SignInTerms,
  signInTermsOf,
  union,
} from '@carnet/core'
import { grantedOidcScopes, listsAllThatItGranted, type TokenResponse } from '@carnet/core/network'
import type { Context } from '../../context/context.ts'
import type { ResponseKind } from '../../startup/response.ts'
import type { StartRequest } from './authorization-request.ts'
import { NO_TERMS } from './consent-changes.ts'
import { KINDS } from './kinds.ts'
import type { Transaction } from './transactions.ts'

/** Some providers and proxies refuse longer authorization URLs. */
export const LONGEST_URL = 2000

/** The terms of an authorization request, and the scopes of earlier grants that it repeats. */
export interface RequestTerms extends SignInTerms {
  readonly repeated: readonly string[]
}

/**
 * Computes the terms of an authorization request. A sign-in starts with its own terms. A request for more scopes, and a hidden
 * iframe, repeat the terms of the account's sign-in. Otherwise the new ID token would have fewer claims, and the token other
 * parameters.
 */
export async function termsOf(
  request: StartRequest,
  kind: ResponseKind,
  context: Context,
): Promise<RequestTerms> {
  const { config, accounts } = context
  const { account, addsTo, scopes = [] } = request
  const isFrame = KINDS[kind].isSilent
  const known = addsTo ?? (isFrame ? account : undefined)
  const earlier = signInTermsOf(known && accounts.record(known))
  const ofClientOptions = requestParameters(config)
  const parameters =
    request.parameters ?? requestParameters(request, earlier.parameters ?? ofClientOptions)
  const keys = await parameterKeys(parameters, config.dialect)
  // The session at the provider most likely belongs to the active account.
  const likely = known ?? (isFrame ? accounts.active() : undefined)
  const { oidcScopes } = signInTermsOf(likely && accounts.record(likely))
  const ofClient = oidcOf(config.scopes)
  // An iframe cannot get the consent for a scope that the app requests only since the sign-in.
  const repeatsClient = oidcScopes ? addsTo && !isFrame : isFrame || addsTo
  const asked = [...(oidcScopes ?? []), ...(repeatsClient ? ofClient : []), ...oidcOf(scopes)]
  const repeated = addsTo
    ? await repeatedScopes({ ...request, addsTo }, keys.grantKey, kind, context)
    : []
  return { parameters, ...keys, oidcScopes: union(asked, []), repeated }
}

/**
 * The scopes that a request repeats. A plain provider issues a refresh token for the scopes of one request only. So a request
 * for more scopes repeats the scopes of earlier grants, which the user need not consent to again. An interactive request also
 * includes the scopes of the client options, unless the user has declined them.
 */
async function repeatedScopes(
  { addsTo, resource = '' }: StartRequest & Required<Pick<StartRequest, 'addsTo'>>,
  grantKey: string | undefined,
  kind: ResponseKind,
  { config, accounts, ledger }: Context,
): Promise<string[]> {
  if (!addsTo || config.dialect.refreshWidensGrant) return []
  const records = await ledger.entries(addsTo)
  const entries = records
    .filter((record) => record.resource === resource && record.grantKey === grantKey)
    .flatMap((record) => Object.values(record.entries))
  const granted = entries.filter(({ state }) => state === 'granted' || state === 'unknown')
  const isOwnGrant = grantKey === signInTermsOf(accounts.record(addsTo)).grantKey
  const isForClient = !KINDS[kind].isSilent && resource === '' && isOwnGrant
  const known = entries.map(({ scope }) => scope)
  const ofClient = isForClient ? difference(resourceScopes(config.scopes), known) : []
  return [...granted.map(({ scope }) => scope), ...ofClient]
}

/** The terms that are stored with an account after its sign-in. */
export async function keptTerms(
  { terms: { parameters, oidcScopes } = NO_TERMS, scopes, kind }: Transaction,
  before: Partial<SignInTerms> | undefined,
  grant: TokenResponse,
  { config }: Pick<Context, 'config'>,
): Promise<SignInTerms> {
  // A scope that the provider refused is not requested again: the second attempt left it out.
  const asked = union(oidcScopes, before?.oidcScopes ?? []).filter((one) => scopes.includes(one))
  // A scope that the user deselected on the page is not requested again either.
  const isTold = !KINDS[kind].isSilent && listsAllThatItGranted(grant)
  const granted = grantedOidcScopes(grant, asked)
  const kept = isTold ? asked.filter((scope) => granted.includes(scope)) : asked
  const lasting = before?.parameters ?? lastingParameters(parameters, config.dialect)
  const keys = await parameterKeys(lasting, config.dialect)
  return { oidcScopes: kept, parameters: lasting, ...keys }
}

const oidcOf = (scopes: readonly string[]) => difference(scopes, resourceScopes(scopes))
