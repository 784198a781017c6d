import { difference, resourceScopes } from '../../scopes/scope-values.ts'
import { knownReason } from '../error-reason.ts'
import { oidcDialect } from '../oidc/oidc-dialect.ts'
import type { ProviderDialect } from '../provider-dialect.ts'
import { anchorMailbox } from './anchor-mailbox.ts'
import { homeAccountIdOf } from './client-info.ts'
import { accountInTenant, entraAccountFromClaims, isOfCloud, ownTenant } from './entra-account.ts'
import {
  expectedEntraIssuer,
  isEntraIssuer,
  isEntraResponseIssuer,
  normalizeEntraAuthority,
} from './entra-authority.ts'
import {
  assertEntraAskable,
  entraScopeKey,
  grantedEntraKeys,
  missingEntraScopes,
  readEntraScopes,
  splitEntraScopes,
} from './entra-scopes.ts'

import { planEntraRefresh } from './refresh-plan.ts'
import { isGuest, withTenantProfiles } from './tenant-profiles.ts'

/** Entra's refresh tokens for single-page apps expire 24 hours after the sign-in, even if they rotate. */
const SPA_SESSION_MS = 24 * 3_600_000

/** Microsoft Entra ID, with External ID and Azure AD B2C. */
export const entraDialect: ProviderDialect = {
  ...oidcDialect,
  name: 'entra',

  discoveryUrl: (authority) => oidcDialect.discoveryUrl(normalizeEntraAuthority(authority)),
  isIssuerOf: isEntraIssuer,
  // One document serves many tenants, so the expected issuer depends on the token.
  expectedIssuer: (issuer, authority, { tid }) => expectedEntraIssuer(issuer, authority, tid),
  isResponseIssuer: isEntraResponseIssuer,

  readScopes: readEntraScopes,
  declinedScopes: missingEntraScopes,
  scopeKey: entraScopeKey,
  missingScopes: missingEntraScopes,
  grantedKeys: grantedEntraKeys,
  // Entra lists OpenID Connect scopes only in token responses for Graph.
  grantedOidcScopes: ({ grantedScopes }) =>
    difference(grantedScopes, resourceScopes(grantedScopes)),
  assertAskable: assertEntraAskable,
  splitByResource: splitEntraScopes,
  // The documents of Azure AD B2C do not list all its scopes.
  supportedDefaults: (_metadata, defaults) => defaults,
  refusesDefaultScopes: false,
  listsGrantedScopes: true,
  consentsAsWhole: true,

  // The scopes name the resource, and Entra refuses the parameter.
  indicatorOf: () => undefined,
  routingHint: anchorMailbox,
  authorizationParameters: ({ routingHint }) => ofDirectory(routingHint),
  // Azure AD B2C.
  mayOmitAccessToken: true,
  // Entra uses `login_hint` and `sid`. At Azure AD B2C the parameter is an input of a policy.
  usesIdTokenHint: false,
  sessionHint: ({ sid }) => (typeof sid === 'string' ? sid : undefined),
  // The token is for one resource, and the request may ask for consent to more.
  codeScopes: (_scopes, tokenScopes) => tokenScopes,
  codeParameters: ({ tokenScopes, routingHint }) => ({
    scope: tokenScopes.join(' '),
    ...ofDirectory(routingHint),
  }),
  planRefresh: planEntraRefresh,
  refreshParameters: ({ homeAccountId }) => ofDirectory(anchorMailbox(homeAccountId)),
  // One refresh token is valid for every resource.
  refreshWidensGrant: true,
  claimsAnswerOneChallenge: true,

  accountOf: entraAccountFromClaims,
  homeAccountIdOf: ({ client_info }) => homeAccountIdOf(client_info),
  servesAccount: isOfCloud,
  hasTenants: true,
  isGuest,
  accountAt: accountInTenant,
  ownAuthority: ownTenant,
  withTenantProfiles,

  errorReason: knownReason,
  sessionEnd: ({ signedInAtMs }) =>
    signedInAtMs === undefined
      ? undefined
      : { atMs: signedInAtMs + SPA_SESSION_MS, cause: 'entra_24h' },
  // Entra ends the session by its cookie and `logout_hint`.
  postsEndSession: false,
  // Entra dates its tokens back by five minutes.
  clockToleranceMs: 6 * 60_000,
}

/** The hint is in the body, because a header would cause a preflight request. */
const ofDirectory = (routingHint: string | undefined) => ({
  client_info: '1',
  'X-AnchorMailbox': routingHint,
})
