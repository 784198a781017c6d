import type { Consent } from '../accounts/consents.ts'
import { identityScopes, resourcesOf } from '../accounts/scopes.ts'
import type { State } from '../state/state.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'

/**
 * Creates a grant of oidc-provider from the recorded consent.
 *
 * Every authorization gets its own grant. A replayed or revoked refresh token therefore ends only the
 * tokens of one sign-in, not the tokens of other tabs and browsers.
 */
export function createGrantLoader(issuer: string, state: Pick<State, 'consents' | 'settings'>) {
  const resources = resourcesOf(issuer)

  return async function loadGrant({ oidc }: OidcContext) {
    const { account, client, provider } = oidc
    if (!account || !client) return undefined
    const { granted, declined } = consentFor(oidc, state)
    if (granted.size === 0 && declined.size === 0) return undefined

    const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId })
    grant.addOIDCScope(identityScopes.filter((scope) => granted.has(scope)))
    for (const [resource, scopes] of resources) {
      grant.addResourceScope(
        resource,
        scopes.filter((scope) => granted.has(scope)),
      )
      grant.rejectResourceScope(
        resource,
        scopes.filter((scope) => declined.has(scope)),
      )
    }
    await grant.save()
    return grant
  }
}

function consentFor(
  oidc: OidcContext['oidc'],
  { consents, settings }: Pick<State, 'consents' | 'settings'>,
): Consent {
  // With prompt=consent the answer of the user overrides the setting.
  if (settings.get().consent === 'skip' && !oidc.result?.consent) {
    return { granted: oidc.requestParamScopes, declined: new Set() }
  }
  return consents.of(oidc.account?.accountId ?? '', oidc.client?.clientId ?? '')
}
