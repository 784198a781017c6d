import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuthError } from '../errors/errors.ts'
import { METADATA_MEMBERS, problemOfMembers, readMembers } from './metadata-members.ts'
import { parseProviderMetadata } from './provider-metadata.ts'

const authority = 'https://idp.example'
const NAMES = Object.values(METADATA_MEMBERS).flat()
const minimal = {
  issuer: authority,
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
}

test.each<[string, unknown]>([
  ['userinfo_endpoint', 'http://idp.example/me'],
  ['jwks_uri', ['https://idp.example/keys']],
  ['scopes_supported', 'openid profile'],
  ['scopes_supported', []],
  ['scopes_supported', [7, null]],
  ['claims_parameter_supported', 'false'],
  ['require_pushed_authorization_requests', 1],
])('%s: %j is malformed, and counts as absent', (name, value) => {
  expect(readMembers({ [name]: value }).malformed).toEqual([name])
  expect(parseProviderMetadata({ ...minimal, [name]: value }, authority)).not.toHaveProperty(name)
  expect(problemOfMembers({ [name]: value })).toContain(name)
})

test('a null or unknown member is absent, not malformed', () => {
  const document = { jwks_uri: null, scopes_supported: undefined, service_documentation: 7 }
  expect(readMembers(document).malformed).toEqual([])
  expect(problemOfMembers(document)).toBeUndefined()
})

describe('for any document', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.oneof(fc.string(), fc.jsonValue())),
    fc.boolean(),
    fc.webUrl({ validSchemes: ['https', 'http'] }),
  )
  const member = fc.oneof(fc.constantFrom('issuer', ...NAMES), fc.string())
  const documents = fc.dictionary(member, value)

  test('every member has the right type', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { members, malformed } = readMembers(document)
        for (const [name, read] of Object.entries(members)) {
          if (read === undefined) expect(malformed).toContain(name)
          else if (typeof read === 'string') expect(read).toMatch(/^https?:/)
          else if (Array.isArray(read))
            expect(read.every((one) => typeof one === 'string')).toBe(true)
          else if (name === 'mtls_endpoint_aliases')
            for (const url of Object.values(read as object)) expect(url).toMatch(/^https?:/)
          else expect(read).toBeTypeOf('boolean')
        }
      }),
    )
  })

  test('the result is metadata or an AuthError, and no optional member causes an error', () => {
    fc.assert(
      fc.property(documents, fc.boolean(), (document, isWhole) => {
        const whole = { ...document, ...(isWhole ? minimal : {}) }
        try {
          const metadata = parseProviderMetadata(whole, authority)
          expect(Object.values(metadata)).not.toContain(undefined)
          expect(parseProviderMetadata(metadata, authority)).toEqual(metadata)
        } catch (error) {
          expect(isWhole).toBe(false)
          expect(error).toBeInstanceOf(AuthError)
        }
      }),
    )
  })
})
