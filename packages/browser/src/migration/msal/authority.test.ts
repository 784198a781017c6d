import { expect, test } from 'vitest'
import { authorityRules } from './authority.ts'

const OID = 'aaaaaaaa-1111-4aaa-8aaa-00000000000a'
const TENANT = '11111111-aaaa-4aaa-8aaa-000000000001'
const DIRECTORY = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/'

const rules = authorityRules({ clientId: 'spa', authority: `${DIRECTORY}B2C_1_signin` })

/** An ID token of a user who signed in by a policy. Its tenant is the name of the policy, or the tenant id. */
const credential = (policy: string, realm: string) => ({
  credentialType: 'IdToken',
  homeAccountId: `${OID}-${policy}.${TENANT}`,
  environment: 'contoso.b2clogin.com',
  clientId: 'spa',
  secret: 'token',
  realm,
})

test.each([
  ['b2c_1_signin', 'B2C_1_signin', undefined],
  ['b2c_1_signin', TENANT, undefined],
  ['b2c_1_edit', 'B2C_1_edit', `${DIRECTORY}b2c_1_edit`],
  ['b2c_1a_custom', TENANT, `${DIRECTORY}b2c_1a_custom`],
])('a session of the policy %s, with the tenant %s, has the authority %s', (policy, realm, at) => {
  expect(rules.authorityOf(credential(policy, realm))).toBe(at)
  expect(rules.fits(credential(policy, realm))).toBe(true)
})

test('only the directory of the client counts, and the id of the user', () => {
  expect(rules.isHere('contoso.b2clogin.com')).toBe(true)
  expect(rules.isHere('fabrikam.b2clogin.com')).toBe(false)
  const home = `${OID}-b2c_1_signin.${TENANT}`
  expect(rules.isHome(home, { sub: 'alice', oid: OID, tid: TENANT })).toBe(true)
  expect(rules.isHome(home, { sub: 'bob', oid: TENANT, tid: TENANT })).toBe(false)
})
