import { type Account, AuthError, accountKey, difference, toScopeValues } from '@carnet/core'
import {
  authorizationUrl,
  createAuthorizationSecrets,
  type MetadataSource,
  type ProviderMetadata,
} from '@carnet/core/network'
import type { InteractiveRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'
import { clientMark, createState, type ResponseKind } from './state.ts'
import { createTransactions, type Transaction } from './transactions.ts'

/** An authorization request that waits for the user. */
export interface StartedAuthorization {
  readonly url: string
  readonly transaction: Transaction
}

/** Writes the transaction down, and only then says where to send the user. */
export async function startAuthorization(
  request: InteractiveRequest & { correlationId: string },
  kind: ResponseKind,
  { config, platform, store, page }: Runtime,
  metadataOf: MetadataSource,
): Promise<StartedAuthorization> {
  const { cache, clientId } = config
  const metadata = await metadataOf(config.authority)
  const oidcScopes = ['openid', ...supported(metadata, ['profile', 'offline_access'])]
  const extraScopes = request.extraScopesToConsent ?? []
  const tokenScopes = toScopeValues([...oidcScopes, ...(request.scopes ?? [])])
  const scopes = toScopeValues([...tokenScopes, ...extraScopes])
  const transaction: Transaction = {
    ...createAuthorizationSecrets(),
    state: createState(clientMark(cache.name, clientId), kind, platform.randomId()),
    kind,
    account: request.account && accountKey(request.account),
    authority: config.authority,
    redirectUri: config.redirectUri,
    scopes,
    tokenScopes: difference(tokenScopes, extraScopes),
    resource: request.resource,
    appState: request.state,
    returnTo: new URL(request.returnTo ?? page.href(), page.origin).href,
    correlationId: request.correlationId,
    startedAtMs: platform.now(),
  }
  const url = await authorizationUrl(metadata, {
    ...transaction,
    clientId,
    responseMode: config.responseMode,
    parameters: {
      ...request.extraParameters,
      prompt: request.prompt,
      login_hint: request.loginHint ?? hintOf(request.account),
      sid: request.sid,
      domain_hint: request.domainHint,
      claims: request.claims,
      resource: request.resource,
    },
  })
  await createTransactions(clientId, store).save(transaction)
  // A page that waits remembers the transaction itself; a page that leaves cannot.
  if (kind === 'redirect' && store.isDegraded())
    throw new AuthError(
      'storage_unavailable',
      'The sign-in could not be written down before leaving.',
    )
  return { url, transaction }
}

/** Scopes that the provider is known not to support are left out: some refuse the whole request. */
const supported = ({ scopes_supported: known }: ProviderMetadata, scopes: string[]) =>
  known ? scopes.filter((scope) => known.includes(scope)) : scopes

/** How the provider likes to hear of the account: by its own hint, where it gave one. */
function hintOf(account: Account | undefined): string | undefined {
  const hint = account?.idTokenClaims.login_hint
  return typeof hint === 'string' ? hint : account?.username
}
