import type { Consent } from '../accounts/consents.ts'
import { identityScopes, resourcesOf } from '../accounts/scopes.ts'
import type { State } from '../state/state.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'

/**
 * Makes what oidc-provider calls a grant from what the user has consented to.
 *
 * Every authorization gets a grant of its own, so that a replayed or revoked refresh token ends
 * what came of one sign-in, not what other tabs and browsers have.
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
  // Somebody who has just been asked (prompt=consent) is heard, whatever the setting.
  if (settings.get().consent === 'skip' && !oidc.result?.consent) {
    return { granted: oidc.requestParamScopes, declined: new Set() }
  }
  return consents.of(oidc.account?.accountId ?? '', oidc.client?.clientId ?? '')
}
