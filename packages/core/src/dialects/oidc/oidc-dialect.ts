import { accountFromClaims, environmentOf } from '../../accounts/account-claims.ts'
import { grantedOidcScopes } from '../../scopes/granted-oidc-scopes.ts'
import { difference, resourceScopes } from '../../scopes/scope-values.ts'
import type { ProviderDialect } from '../provider-dialect.ts'
import { isIssuerOf } from './issuer.ts'
import { oidcScopes } from './oidc-scopes.ts'
import { planRefresh } from './refresh-plan.ts'
import { oidcErrorReason } from './refresh-refusal.ts'
import { supportedDefaults } from './supported-defaults.ts'

/** Plain OpenID Connect: every provider that follows the specifications. */
export const oidcDialect: ProviderDialect = {
  ...oidcScopes,
  name: 'oidc',

  discoveryUrl: (authority) => `${authority.replace(/\/$/, '')}/.well-known/openid-configuration`,
  isIssuerOf,
  expectedIssuer: (issuer) => issuer,
  isResponseIssuer: (iss, issuer) => iss === issuer,

  scopeKey: (text) => text,
  missingScopes: difference,
  grantedKeys: resourceScopes,
  grantedOidcScopes,
  assertAskable: () => undefined,
  splitByResource: (scopes) => [scopes],
  supportedDefaults,
  refusesDefaultScopes: true,
  listsGrantedScopes: false,
  consentsAsWhole: false,

  indicatorOf: (resource) => resource || undefined,
  routingHint: () => undefined,
  authorizationParameters: ({ resource }) => ({ resource }),
  mayOmitAccessToken: false,
  usesIdTokenHint: true,
  sessionHint: () => undefined,
  codeScopes: (scopes) => scopes,
  codeParameters: ({ resource }) => ({ resource }),
  planRefresh: (held, wanted) => planRefresh(held, resourceScopes(wanted)),
  refreshParameters: ({ resource }) => ({ resource }),
  refreshWidensGrant: false,
  ignoresOtherResource: false,
  claimsAnswerOneChallenge: false,

  accountOf: accountFromClaims,
  homeAccountIdOf: () => undefined,
  servesAccount: (authority, { environment }) => environment === environmentOf(authority),
  hasTenants: false,
  isGuest: () => false,
  accountAt: (account, authority) =>
    oidcDialect.servesAccount(authority, account) ? account : undefined,
  ownAuthority: () => undefined,
  withTenantProfiles: (records) => records,

  errorReason: oidcErrorReason,
  sessionEnd: () => undefined,
  postsEndSession: true,
  // A smaller difference comes from the network, and the clock tolerance of the validation covers it.
  clockToleranceMs: 60_000,
}
