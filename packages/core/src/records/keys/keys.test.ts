import { expect, test } from 'vitest'
import type { AccessTokenRecord } from '../../tokens/token-record.ts'
import * as keys from './index.ts'

const shelf = { owner: 'idp.example|u|', tokenType: 'Bearer', resource: 'https://api' } as const
const token: AccessTokenRecord = {
  ...shelf,
  parametersKey: 'P',
  detailsKey: 'D',
  requestedScopes: ['read', 'write'],
  grantedScopes: ['read', 'all'],
  token: 't',
  issuedAtMs: 0,
  expiresAtMs: 1,
}
const account = { environment: 'idp|x', homeAccountId: 'u%', tenantId: 't' }
const owner = { id: 'idp.example|u|', ...account }
const query = { ...shelf, owner, profile: 'oidc', scopeKeys: ['read'], texts: ['read'] } as const
const named = 'p|idp.example|u|t'

/** Each format, and its text. Databases of users hold these texts: a change needs a way for the old ones. */
const FORMATS: Record<keyof typeof keys, readonly [actual: unknown, expected: unknown]> = {
  AWAITED: [keys.AWAITED, 'carnet|waits'],
  REDEEMING: [keys.REDEEMING, 'carnet|redeems'],
  POSTED_SIGN_OUT_PREFIX: [keys.POSTED_SIGN_OUT_PREFIX, 'carnet|posted-sign-out|'],
  SIGNED_OUT: [keys.SIGNED_OUT, 'carnet|signed-out'],
  TRANSACTION_COPY_PREFIX: [keys.TRANSACTION_COPY_PREFIX, 'carnet-redirect|'],
  accessTokenRecordKey: [
    keys.accessTokenRecordKey('p', token),
    'p|idp.example|u||Bearer|https%3A%2F%2Fapi+P:D|read write',
  ],
  accessTokenTags: [
    keys.accessTokenTags('p', token),
    [
      ...['', 'all', 'read', 'write'].map(
        (scope) => `p|idp.example|u||Bearer|https%3A%2F%2Fapi+P:D|${scope}`,
      ),
      'p|idp.example|u|',
    ],
  ],
  accountDataKey: [keys.accountDataKey('p|e|h|t', 'a|b'), 'p|e|h|t|data|a%7Cb'],
  accountDataTag: [keys.accountDataTag('p|e|h|t'), 'p|e|h|t|data'],
  accountRecordKey: [keys.accountRecordKey('p', 'e|h|t'), 'p|e|h|t'],
  activeAccountKey: [keys.activeAccountKey('p'), 'p|active'],
  consentRecordKey: [
    [
      keys.consentRecordKey('p', 'e|h|t', 'a|b'),
      keys.consentRecordKey('p', 'e|h|t', 'a', 'c', 'G'),
    ],
    ['p|e|h|t|a%7Cb', 'p|e|h|t|a|c|+G'],
  ],
  failureRecordKey: [keys.failureRecordKey('p|e|h|'), 'failures|p|e|h|'],
  frameRecordKey: [keys.frameRecordKey('p', 'https://idp'), 'frame|p|https://idp'],
  isInTokenSet: [keys.isInTokenSet('p|e|h|t|Bearer|r|s', 'p', 'e|h|t|Bearer|r'), true],
  journalRecordKey: [keys.journalRecordKey('p', 'd'), 'p|journal|d'],
  journalTag: [keys.journalTag('p'), 'p|journal'],
  keyIn: [keys.keyIn('p', 'k'), 'p|k'],
  keyTag: [keys.keyTag('p', 'J'), 'p|%key|J'],
  nonceRecordKey: [keys.nonceRecordKey('p', 'https://idp'), 'nonce|p|https://idp'],
  leaseRecordKey: [keys.leaseRecordKey('carnet.refresh|p|e'), 'lease|carnet.refresh|p|e'],
  legacyRefreshLockName: [keys.legacyRefreshLockName('spa', 'e|h|'), 'carnet.refresh|spa|e|h|'],
  metadataRecordKey: [keys.metadataRecordKey('https://idp'), 'provider|https://idp'],
  otherOwnerId: [keys.otherOwnerId('app', 'a|b', ''), '%app|a%7Cb|'],
  ownerTag: [keys.ownerTag('p', 'e|h|t'), 'p|e|h|t'],
  parseAccountRecordKey: [
    [keys.parseAccountRecordKey(named), keys.parseAccountRecordKey('p|active')],
    [{ partition: 'p', account: 'idp.example|u|t', refreshToken: 'p|idp.example|u|' }, undefined],
  ],
  pauseRecordKey: [keys.pauseRecordKey('p', 'e'), 'pause|p|e'],
  tokenSetKey: [keys.tokenSetKey(query), 'idp.example|u||Bearer|https%3A%2F%2Fapi'],
  queryTag: [keys.queryTag('p', query), 'p|idp.example|u||Bearer|https%3A%2F%2Fapi|read'],
  redeemedRecordKey: [keys.redeemedRecordKey('p|journal|d'), 'redeemed|p|journal|d'],
  redirectCountName: [keys.redirectCountName('carnet-1-'), 'carnet|redirects|carnet-1-'],
  refreshLockName: [keys.refreshLockName('g', 'e|h|'), 'carnet.refresh|g|e|h|'],
  refreshTokenRecordKey: [
    [
      keys.refreshTokenRecordKey('p', 'e|h|'),
      keys.refreshTokenRecordKey('p', 'e|h|', 'https://api', 'G'),
      keys.refreshTokenRecordKey('p', 'e|h|', '', 'G'),
    ],
    ['p|e|h|', 'p|e|h||https%3A%2F%2Fapi|+G', 'p|e|h|||+G'],
  ],
  refusedScopesRecordKey: [keys.refusedScopesRecordKey('p', 'https://a'), 'refused|p|https://a'],
  rekeyed: [['p', 'p|k', 'pq|k'].map((text) => keys.rekeyed(text, 'p', 'r')), ['r', 'r|k', 'pq|k']],
  sessionRecordPrefix: [
    [keys.sessionRecordPrefix('a|b'), keys.sessionRecordPrefix('c', 'accounts')],
    ['carnet|a%7Cb|', 'carnet|c|accounts|'],
  ],
  sessionTag: [keys.sessionTag('https://idp', 's|1'), 'session|https://idp|s%7C1'],
  keyOfTokenSet: [keys.keyOfTokenSet(shelf), 'idp.example|u||Bearer|https%3A%2F%2Fapi'],
  sidTag: [keys.sidTag('s|1'), 'sid|s%7C1'],
  tabAccountName: [keys.tabAccountName('g'), 'carnet.active|g'],
  tabClaimName: [keys.tabClaimName('a|b', 'id'), 'carnet-tab|a%7Cb|id'],
  transactionRecordKey: [keys.transactionRecordKey('p', 'state'), 'p|state'],
}

test('no key of stored state changes its text', () => {
  for (const [name, [actual, expected]] of Object.entries(FORMATS))
    expect([name, actual]).toEqual([name, expected])
})
