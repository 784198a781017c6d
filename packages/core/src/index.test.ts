import { expect, test } from 'vitest'
import * as core from './index.ts'
import * as network from './network.ts'
import * as testing from './testing/index.ts'

test('the public names that need no network are these and no others', () => {
  expect(Object.keys(core).sort()).toEqual([
    'AuthError',
    'InteractionRequiredError',
    'ScopeSet',
    'abortedError',
    'accountFromClaims',
    'accountKey',
    'arrivedAtMs',
    'assertAskable',
    'backoffMs',
    'covers',
    'createAccountList',
    'createAccountRegistry',
    'createAcquireTokenSilent',
    'createConsentLedger',
    'createEmitter',
    'createMemoryStore',
    'createTokenCache',
    'createTokenMirror',
    'declinedOf',
    'declinedScopes',
    'detectProfile',
    'difference',
    'entraAccountFromClaims',
    'environmentOf',
    'forecastOf',
    'indicatorOf',
    'isAuthError',
    'isFresh',
    'isInteractionRequired',
    'isMeant',
    'isPassing',
    'isScope',
    'isSecureUrl',
    'loginHintOf',
    'oidcDialect',
    'planConsent',
    'preferredHost',
    'readTokenScopes',
    'refreshTokenKey',
    'renewalAtMs',
    'resourceScopes',
    'retryMs',
    'scopeBuilder',
    'scopeKey',
    'servesAccount',
    'sessionTag',
    'splitByResource',
    'stopWaitingOn',
    'toScopeValues',
    'toTokenQuery',
    'union',
    'withNamesOf',
  ])
})

test('the public names that talk to a provider are these and no others', () => {
  expect(Object.keys(network).sort()).toEqual([
    'accessTokenOf',
    'anchorMailbox',
    'authorizationUrl',
    'createAuthorizationSecrets',
    'createFetchJson',
    'createHttp',
    'createMetadataSource',
    'createPauses',
    'endSessionUrl',
    'redeemCode',
    'refreshTokenOf',
    'renew',
    'revoke',
  ])
})

test('the public names for tests are these and no others', () => {
  expect(Object.keys(testing).sort()).toEqual([
    'allTextOf',
    'base64url',
    'createFakeEntra',
    'createFakePlatform',
    'createFakeProvider',
    'jsonResponse',
    'tokenStoreContract',
  ])
})
