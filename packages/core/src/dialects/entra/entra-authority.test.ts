import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseProviderMetadata } from '../../discovery/provider-metadata.ts'
import {
  expectedEntraIssuer,
  isEntraIssuer,
  isEntraResponseIssuer,
  isGuid,
  normalizeEntraAuthority,
  tenantOf,
} from './entra-authority.ts'
import { entraDialect } from './entra-dialect.ts'

const HOST = 'https://login.microsoftonline.com'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const OTHER_TID = '22222222-bbbb-4bbb-8bbb-000000000002'
const CONSUMERS = '9188040d-6c67-4c5b-b112-36a304b66dad'
const TEMPLATE = `${HOST}/{tenantid}/v2.0`
/** A customer directory with a custom domain. */
const OWN_DOMAIN = `https://login.contoso.com/${TID}`
const B2C = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin'

const guid = fc.uuid()

describe('the forms of an authority', () => {
  test.each([
    [`${HOST}/common`, 'common'],
    [`${HOST}/organizations`, 'organizations'],
    [`${HOST}/consumers`, 'consumers'],
    [`${HOST}/${TID}`, TID],
    [`${HOST}/contoso.onmicrosoft.com`, 'contoso.onmicrosoft.com'],
    ['https://login.microsoftonline.us/common', 'common'],
    ['https://login.partner.microsoftonline.cn/common', 'common'],
    [`https://contoso.ciamlogin.com/${TID}`, TID],
    [B2C, 'contoso.onmicrosoft.com'],
  ])('%s names the tenant %s, with and without version and slash', (form, tenant) => {
    for (const same of [form, `${form}/`, `${form}/v2.0`, `${form}/v2.0/`, `${form}//v2.0//`]) {
      expect(normalizeEntraAuthority(same)).toBe(`${form}/v2.0`)
      expect(tenantOf(same)).toBe(tenant)
    }
  })

  test.each([
    [HOST, `${HOST}/common/v2.0`],
    [`${HOST}/v2.0`, `${HOST}/common/v2.0`],
    ['https://login.microsoftonline.us', 'https://login.microsoftonline.us/common/v2.0'],
    [
      'https://contoso.ciamlogin.com/',
      'https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0',
    ],
  ])('%s names no tenant, and is %s', (form, normal) => {
    expect(normalizeEntraAuthority(form)).toBe(normal)
  })

  test('a normalized authority stays unchanged', () => {
    const segment = fc.stringMatching(/^[a-z0-9.-]{1,12}$/).filter((text) => !/^\.+$/.test(text))
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), (segments) => {
        const once = normalizeEntraAuthority(`${HOST}/${segments.join('/')}`)
        expect(normalizeEntraAuthority(once)).toBe(once)
        expect(once).toMatch(/[^/]\/v2\.0$/)
      }),
    )
  })

  test('only a complete GUID is a GUID', () => {
    fc.assert(fc.property(guid, (text) => isGuid(text) && isGuid(text.toUpperCase())))
    for (const text of ['common', `${TID}0`, ` ${TID}`, `${TID}\n`, TID.replaceAll('-', ''), ''])
      expect(isGuid(text)).toBe(false)
  })
})

describe('the issuer of a discovery document', () => {
  const isRefused = (issuer: string, authority: string): boolean =>
    !isEntraIssuer(issuer, authority)

  test.each([
    [TEMPLATE, `${HOST}/common`],
    [TEMPLATE, `${HOST}/organizations`],
    [`${HOST}/${CONSUMERS}/v2.0`, `${HOST}/consumers`],
    [`${HOST}/${TID}/v2.0`, `${HOST}/${TID}`],
    [`${HOST}/${TID}/v2.0`, `${HOST}/${TID.toUpperCase()}/v2.0/`],
    [`${HOST}/${TID}/v2.0`, `${HOST}/contoso.onmicrosoft.com`],
    [`${HOST}/${TID}/v2.0`, `https://login.windows.net/${TID}`],
    [`https://sts.windows.net/${TID}/`, `${HOST}/${TID}`],
    [`https://login.microsoftonline.us/${TID}/v2.0`, `https://login.microsoftonline.us/${TID}`],
    [
      `https://login.partner.microsoftonline.cn/${TID}/v2.0`,
      `https://login.chinacloudapi.cn/${TID}`,
    ],
    [`https://${TID}.ciamlogin.com/${TID}/v2.0`, 'https://contoso.ciamlogin.com/'],
    [`https://contoso.b2clogin.com/${TID}/v2.0/`, B2C],
    [`https://${TID}.ciamlogin.com/${TID}/v2.0`, OWN_DOMAIN],
    [`https://contoso.b2clogin.com/${TID}/v2.0/`, OWN_DOMAIN],
    [`${HOST}/${TID}/v2.0`, OWN_DOMAIN],
    [`${HOST}/${TID}/v2.0`, `${OWN_DOMAIN.toUpperCase()}/v2.0`],
    [`https://login.microsoftonline.us/${TID}/v2.0`, OWN_DOMAIN],
    [`https://login.contoso.com/${TID}/v2.0`, OWN_DOMAIN],
  ])('%s belongs to %s', (issuer, authority) => {
    expect(isRefused(issuer, authority)).toBe(false)
  })

  test.each([
    [`https://login.microsoftonline.com.evil.example/${TID}/v2.0`, `${HOST}/${TID}`],
    ['https://login.microsoftonline.com.evil.example/{tenantid}/v2.0', `${HOST}/common`],
    [`https://login.microsoftonline.com@evil.example/${TID}/v2.0`, `${HOST}/${TID}`],
    [`https://evil.example/login.microsoftonline.com/${TID}/v2.0`, `${HOST}/${TID}`],
    [`https://evil.example/?${HOST}/${TID}/v2.0`, `${HOST}/${TID}`],
    [`${HOST}/${OTHER_TID}/v2.0`, `${HOST}/${TID}`],
    [TEMPLATE, `${HOST}/${TID}`],
    [`https://login.microsoftonline.us/${TID}/v2.0`, `${HOST}/${TID}`],
    [`https://login.partner.microsoftonline.cn/${TID}/v2.0`, `${HOST}/${TID}`],
    [`https://contoso.b2clogin.com/${TID}/v2.0/`, `https://evil.b2clogin.com/${TID}/B2C_1_x`],
    [`https://contoso.ciamlogin.com.evil.example/${TID}/v2.0`, 'https://contoso.ciamlogin.com/'],
    [`https://evilciamlogin.com/${TID}/v2.0`, 'https://contoso.ciamlogin.com/'],
    [`https://${OTHER_TID}.ciamlogin.com/${OTHER_TID}/v2.0`, OWN_DOMAIN],
    [`https://${TID}.ciamlogin.com/${OTHER_TID}/v2.0`, OWN_DOMAIN],
    [`https://${TID}.ciamlogin.com/?/${TID}/v2.0`, OWN_DOMAIN],
    [`https://${TID}.ciamlogin.com/v2.0#/${TID}/`, OWN_DOMAIN],
    [`https://${TID}.evilciamlogin.com/${TID}/v2.0`, OWN_DOMAIN],
    [`https://ciamlogin.com.evil.example/${TID}/v2.0`, OWN_DOMAIN],
    [`https://${TID}.ciamlogin.com@evil.example/${TID}/v2.0`, OWN_DOMAIN],
    [`http://${TID}.ciamlogin.com/${TID}/v2.0`, OWN_DOMAIN],
    [`https://login.fabrikam.com/${TID}/v2.0`, OWN_DOMAIN],
    [TEMPLATE, OWN_DOMAIN],
    [TEMPLATE, 'https://login.contoso.com/common'],
    [`https://${TID}.ciamlogin.com/${TID}/v2.0`, 'https://login.contoso.com/'],
    [`https://${TID}.ciamlogin.com/${TID}/v2.0`, 'https://login.contoso.com/contoso.example'],
    [`https://${TID}.ciamlogin.com/${TID}/v2.0`, `${HOST}/${TID}`],
    [`${HOST}/${TID}/v2.0`, `https://contoso.ciamlogin.com/${TID}`],
    ['', `${HOST}/common`],
    ['garbage', `${HOST}/common`],
    ['login.microsoftonline.com', `${HOST}/common`],
    ['javascript:alert(1)', `${HOST}/common`],
  ])('%s does not belong to %s', (issuer, authority) => {
    expect(isRefused(issuer, authority)).toBe(true)
  })

  test('that is refused is shortened and cleaned in the message', () => {
    const issuer = `https://evil.example/\u001b[31m${'x'.repeat(9999)}`
    const parse = () => parseProviderMetadata({ issuer }, `${HOST}/common`, entraDialect)
    expect(parse).toThrow(/^[^\p{Cc}]{1,1000}$/u)
  })
})

describe('the issuer that an ID token must name', () => {
  test('is the issuer of the document if it has no template', () => {
    const issuer = `${HOST}/${TID}/v2.0`
    for (const tid of [TID, OTHER_TID, undefined, 7])
      expect(expectedEntraIssuer(issuer, `${HOST}/${TID}`, tid)).toBe(issuer)
  })

  test('is the issuer of the token’s tenant if the authority serves all tenants', () => {
    fc.assert(
      fc.property(guid, (tid) => {
        expect(expectedEntraIssuer(TEMPLATE, `${HOST}/common`, tid)).toBe(`${HOST}/${tid}/v2.0`)
      }),
    )
    const expected = `${HOST}/${CONSUMERS}/v2.0`
    expect(expectedEntraIssuer(TEMPLATE, `${HOST}/common`, CONSUMERS)).toBe(expected)
  })

  const serves = (tenant: string, tid: unknown) =>
    expectedEntraIssuer(TEMPLATE, `${HOST}/${tenant}`, tid) === `${HOST}/${tid}/v2.0`

  test('must be an organization for `organizations`, and personal accounts for `consumers`', () => {
    expect([serves('organizations', TID), serves('organizations', CONSUMERS)]).toEqual([
      true,
      false,
    ])
    expect([serves('consumers', CONSUMERS), serves('consumers', TID)]).toEqual([true, false])
    expect(serves('Organizations', CONSUMERS.toUpperCase())).toBe(false)
  })

  test.each([undefined, null, 7, {}, [TID], '', 'common', '{tenantid}', `${TID}/../${OTHER_TID}`])(
    'matches no token with the `tid` %j',
    (tid) => {
      const expected = expectedEntraIssuer(TEMPLATE, `${HOST}/common`, tid)
      expect(expected).not.toBe(TEMPLATE)
      expect(expected).not.toBe(`${HOST}/${tid}/v2.0`)
      expect(expected).toContain('#')
    },
  )

  test('always matches the template, for any `tid`', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue()), (tid) => {
        const expected = expectedEntraIssuer(TEMPLATE, `${HOST}/common`, tid)
        expect(isGuid(expected.slice(`${HOST}/`.length, -'/v2.0'.length))).toBe(
          typeof tid === 'string' && isGuid(tid),
        )
      }),
    )
  })
})

describe('the issuer of an authorization response (RFC 9207)', () => {
  test('may be any tenant if the document has a template', () => {
    fc.assert(
      fc.property(guid, (tid) => {
        expect(isEntraResponseIssuer(`${HOST}/${tid}/v2.0`, TEMPLATE)).toBe(true)
      }),
    )
  })

  test.each([
    TEMPLATE,
    `${HOST}/common/v2.0`,
    `${HOST}//v2.0`,
    `${HOST}/v2.0`,
    `${HOST}/${TID}`,
    `${HOST}/${TID}/v2.0/`,
    `${HOST}/${TID}/${OTHER_TID}/v2.0`,
    `https://login.microsoftonline.com.evil.example/${TID}/v2.0`,
    `https://evil.example/${TID}/v2.0`,
    '',
  ])('%s belongs to no tenant', (iss) => {
    expect(isEntraResponseIssuer(iss, TEMPLATE)).toBe(false)
  })

  test('is exactly the issuer of the document if it has no template', () => {
    const issuer = `${HOST}/${TID}/v2.0`
    expect(isEntraResponseIssuer(issuer, issuer)).toBe(true)
    for (const other of [`${HOST}/${OTHER_TID}/v2.0`, `${issuer}/`, issuer.toUpperCase()])
      expect(isEntraResponseIssuer(other, issuer)).toBe(false)
  })
})

test('an issuer may end with the template', () => {
  expect(isEntraResponseIssuer(`${HOST}/${TID}`, `${HOST}/{tenantid}`)).toBe(true)
})
