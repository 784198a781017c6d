import { AuthError, difference, toScopeSet } from '@carnet/core'
import {
  authorizationUrl,
  createAuthorizationSecrets,
  type MetadataSource,
  type ProviderMetadata,
} from '@carnet/core/network'
import type { InteractiveRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'
import { stateMark } from './state.ts'
import { createTransactions, type Transaction } from './transactions.ts'

/** An authorization request that waits for the user. */
export interface StartedAuthorization {
  readonly url: string
  readonly transaction: Transaction
}

/** Writes the transaction down, and only then says where to send the user. */
export async function startAuthorization(
  request: InteractiveRequest & { correlationId: string },
  { config, platform, store, page }: Runtime,
  metadataOf: MetadataSource,
): Promise<StartedAuthorization> {
  const metadata = await metadataOf(config.authority)
  const oidcScopes = ['openid', ...supported(metadata, ['profile', 'offline_access'])]
  const extraScopes = request.extraScopesToConsent ?? []
  const tokenScopes = toScopeSet([...oidcScopes, ...(request.scopes ?? [])])
  const scopes = toScopeSet([...tokenScopes, ...extraScopes])
  const transaction: Transaction = {
    ...createAuthorizationSecrets(),
    state: stateMark(config.cache.name, config.clientId) + platform.randomId(),
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
    clientId: config.clientId,
    responseMode: config.responseMode,
    parameters: {
      ...request.extraParameters,
      prompt: request.prompt,
      login_hint: request.loginHint ?? request.account?.username,
      sid: request.sid,
      domain_hint: request.domainHint,
      claims: request.claims,
      resource: request.resource,
    },
  })
  await createTransactions(config.clientId, store).save(transaction)
  if (store.isDegraded())
    throw new AuthError(
      'storage_unavailable',
      'The sign-in could not be written down before leaving.',
    )
  return { url, transaction }
}

/** Scopes that the provider is known not to support are left out: some refuse the whole request. */
const supported = ({ scopes_supported: known }: ProviderMetadata, scopes: string[]) =>
  known ? scopes.filter((scope) => known.includes(scope)) : scopes
