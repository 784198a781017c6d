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
import { grantedOidcScopes, listsAllThatItGranted, type TokenGrant } from '@carnet/core/network'
import type { Runtime } from '../../context/runtime.ts'
import type { ResponseKind } from '../../startup/response.ts'
import type { StartRequest } from './authorize.ts'
import { NO_TERMS } from './consent-changes.ts'
import { KINDS } from './kinds.ts'
import type { Transaction } from './transactions.ts'

/** An authorization URL that is longer than this fails at some providers and proxies. */
export const LONGEST_URL = 2000

/** The terms of an authorization request, and the scopes of earlier grants that it asks for again. */
export interface RequestTerms extends SignInTerms {
  readonly repeated: readonly string[]
}

/**
 * The terms of an authorization request. A sign-in starts anew. A request for more, and a hidden frame, repeat the terms
 * of the account's sign-in: else a poorer ID token replaces the claims of the account, and another kind of token comes.
 */
export async function termsOf(
  request: StartRequest,
  kind: ResponseKind,
  runtime: Runtime,
): Promise<RequestTerms> {
  const { config, accounts } = runtime
  const { account, addsTo, scopes = [] } = request
  const isFrame = KINDS[kind].isSilent
  const known = addsTo ?? (isFrame ? account : undefined)
  const earlier = signInTermsOf(known && accounts.record(known))
  const parameters = request.parameters ?? requestParameters(request, earlier.parameters)
  const keys = await parameterKeys(parameters, config.profile)
  // Whoever has the session at the provider is most likely the active account.
  const likely = known ?? (isFrame ? accounts.active() : undefined)
  const { oidcScopes } = signInTermsOf(likely && accounts.record(likely))
  const ofClient = oidcOf(config.scopes)
  // A frame cannot get the consent that a scope needs which the app has begun to ask for since.
  const repeatsClient = oidcScopes ? addsTo && !isFrame : isFrame || addsTo
  const asked = [...(oidcScopes ?? []), ...(repeatsClient ? ofClient : []), ...oidcOf(scopes)]
  const repeated = addsTo
    ? await repeatedScopes({ ...request, addsTo }, keys.grantKey, kind, runtime)
    : []
  return { parameters, ...keys, oidcScopes: union(asked, []), repeated }
}

/**
 * A plain provider gives each sign-in a refresh token for its own scopes. To ask for more must not lose the scopes of
 * earlier grants, so the request asks for them again; the user is not bothered with them. A page of the provider is also
 * asked for the scopes of the client itself, unless the user has declined them.
 */
async function repeatedScopes(
  { addsTo, resource = '' }: StartRequest & Required<Pick<StartRequest, 'addsTo'>>,
  grantKey: string | undefined,
  kind: ResponseKind,
  { config, accounts, ledger }: Runtime,
): Promise<string[]> {
  if (!addsTo || config.profile !== 'oidc') return []
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

/** The terms that an account keeps once it is signed in. */
export async function keptTerms(
  { terms: { parameters, oidcScopes } = NO_TERMS, scopes, kind }: Transaction,
  before: Partial<SignInTerms> | undefined,
  grant: TokenGrant,
  { config }: Pick<Runtime, 'config'>,
): Promise<SignInTerms> {
  // A scope that the provider refused was left out of a second attempt, and is not asked for again.
  const asked = union(oidcScopes, before?.oidcScopes ?? []).filter((one) => scopes.includes(one))
  // Nor is one that the user unticked on the page.
  const isTold = !KINDS[kind].isSilent && listsAllThatItGranted(grant)
  const granted = grantedOidcScopes(grant, asked)
  const kept = isTold ? asked.filter((scope) => granted.includes(scope)) : asked
  const lasting = before?.parameters ?? lastingParameters(parameters, config.profile)
  const keys = await parameterKeys(lasting, config.profile)
  return { oidcScopes: kept, parameters: lasting, ...keys }
}

const oidcOf = (scopes: readonly string[]) => difference(scopes, resourceScopes(scopes))
