import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyIn } from '../records/keys/first-keys.ts'
import { parseAccountRecordKey } from '../records/keys/record-keys.ts'
import { legacyPartition, partitionOf } from './authority-profile.ts'

const oidc = (authority: string, clientId = 'spa') => partitionOf(authority, clientId, 'oidc')
const entra = (authority: string, clientId = 'spa') => partitionOf(authority, clientId, 'entra')

describe('two spellings of one issuer name one partition:', () => {
  test.each([
    ['https://login.example.com', 'https://login.example.com/'],
    ['https://login.example.com/realms/a', 'https://login.example.com/realms/a/'],
    ['https://LOGIN.example.com/realms/a', 'https://login.example.com/realms/a'],
    ['https://login.example.com:443/', 'https://login.example.com'],
    ['http://localhost:80', 'http://localhost/'],
  ])('%s and %s', (one, other) => {
    expect(oidc(one)).toBe(oidc(other))
  })
})

describe('two issuers never share a partition:', () => {
  test.each([
    ['https://login.example.com', 'https://login.example.org'],
    ['https://login.example.com/t/acme', 'https://login.example.com/t/globex'],
    ['https://login.example.com/realms/a', 'https://login.example.com/realms/A'],
    ['https://login.example.com', 'https://login.example.com:8443'],
    ['http://localhost:4400', 'http://localhost:4401'],
    ['http://localhost', 'https://localhost'],
    ['https://login.example.com/a', 'https://login.example.com/a//'],
  ])('%s and %s', (one, other) => {
    expect(oidc(one)).not.toBe(oidc(other))
  })
})

describe('at Entra', () => {
  const host = 'https://login.microsoftonline.com'

  test('all tenants of a cloud share a partition, for all hosts of the cloud', () => {
    const tenants = [
      'common',
      'organizations',
      'contoso.com',
      '11111111-2222-4333-8444-555555555555',
    ]
    const names = tenants.flatMap((tenant) => [
      entra(`${host}/${tenant}`),
      entra(`${host}/${tenant}/v2.0`),
      entra(`https://login.windows.net/${tenant}/`),
    ])
    expect(new Set(names).size).toBe(1)
  })

  test('all policies of a B2C directory share a partition, and two directories do not', () => {
    const policy = (directory: string, name: string) =>
      entra(`https://${directory}.b2clogin.com/${directory}.onmicrosoft.com/${name}`)
    expect(policy('contoso', 'B2C_1_signin')).toBe(policy('contoso', 'B2C_1_edit'))
    expect(policy('contoso', 'B2C_1_signin')).not.toBe(policy('fabrikam', 'B2C_1_signin'))
  })

  test('two clouds and a plain OpenID Connect host have different partitions', () => {
    expect(entra(`${host}/common`)).not.toBe(entra('https://login.microsoftonline.us/common'))
    expect(entra('https://login.example.com/x')).not.toBe(oidc('https://login.example.com'))
  })
})

test('two client ids of one issuer never share a partition', () => {
  const id = fc.string({
    unit: fc.constantFrom('a', 'b', '|', '+', '%', ' ', '/', 'é'),
    maxLength: 6,
  })
  const authority = fc.constantFrom('https://a.example', 'https://a.example/b', 'https://b.example')
  fc.assert(
    fc.property(id, id, authority, authority, (oneId, otherId, one, other) => {
      const isSame = oneId === otherId && one === other
      expect(oidc(one, oneId) === oidc(other, otherId)).toBe(isSame)
      expect(oidc(one, oneId)).not.toContain('|')
      expect(oidc(one, oneId)).not.toBe(legacyPartition(otherId))
    }),
  )
})

test('the record key of an account parses into its parts', () => {
  const name = parseAccountRecordKey(keyIn(oidc('https://a.example'), 'a.example|al%7Cice|t-1'))
  expect(name).toEqual({
    partition: oidc('https://a.example'),
    account: 'a.example|al%7Cice|t-1',
    refreshToken: keyIn(oidc('https://a.example'), 'a.example|al%7Cice|'),
  })
})

test.each(['', 'spa', 'spa|active', 'spa|a|b', 'spa|a|b|c|d'])('%j is no account', (key) => {
  expect(parseAccountRecordKey(key)).toBeUndefined()
})
