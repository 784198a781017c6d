import { describe, expect, test } from 'vitest'
import { createFetchJson } from '../protocol/fetch-json.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakeEntra } from '../testing/fake-entra.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { jsonResponse } from '../testing/fake-provider.ts'
import { createMetadataSource } from './metadata-source.ts'
import { parseProviderMetadata } from './provider-metadata.ts'

const HOST = 'https://login.microsoftonline.com'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'

function setUp(tenant = 'common') {
  const platform = createFakePlatform((request) => entra.respond(request))
  const entra = createFakeEntra({ now: platform.now, tenant })
  const store = createMemoryStore()
  const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
  const fetchJson = createFetchJson(http)
  const open = (profile: 'entra' | 'oidc' = 'entra') =>
    createMetadataSource({ platform, store, dialect: DIALECTS[profile], fetchJson })
  return { platform, entra, store, open, metadataOf: open() }
}
describe('the metadata of an Entra authority', () => {
  test.each([
    `${HOST}/common`,
    `${HOST}/common/`,
    `${HOST}/common/v2.0`,
    `${HOST}/common/v2.0/`,
    HOST,
  ])('is found for %s, and its issuer keeps the template', async (authority) => {
    const { metadataOf, platform } = setUp()
    expect((await metadataOf(authority)).issuer).toBe(`${HOST}/{tenantid}/v2.0`)
    expect(platform.requests.map(({ url }) => url)).toEqual([
      `${HOST}/common/v2.0/.well-known/openid-configuration`,
    ])
  })

  test('is found in the store at the next load', async () => {
    const { metadataOf, open, platform } = setUp()
    const metadata = await metadataOf(`${HOST}/common`)
    expect(await open()(`${HOST}/common`)).toEqual(metadata)
    expect(platform.requests).toHaveLength(1)
  })

  test('of one tenant must name that tenant', async () => {
    const { metadataOf, entra } = setUp(TID)
    entra.onDiscovery = () => jsonResponse({ ...entra.metadata, issuer: `${HOST}/{tenantid}/v2.0` })
    expect((await failureOf(metadataOf(`${HOST}/${TID}`))).code).toBe('issuer_mismatch')
    entra.onDiscovery = () => jsonResponse(entra.metadata)
    expect((await metadataOf(`${HOST}/${TID}`)).issuer).toBe(`${HOST}/${TID}/v2.0`)
  })

  test.each([
    `https://login.microsoftonline.com.evil.example/${TID}/v2.0`,
    'https://evil.example/{tenantid}/v2.0',
    'garbage',
  ])('with the issuer %s is refused, and not stored', async (issuer) => {
    const { metadataOf, entra, store } = setUp()
    entra.onDiscovery = () => jsonResponse({ ...entra.metadata, issuer })
    const error = await failureOf(metadataOf(`${HOST}/common`))
    expect(error.code).toBe('issuer_mismatch')
    expect(await store.get('metadata', `provider|${HOST}/common`)).toBeUndefined()
  })

  test('is refused by a client of plain OpenID Connect', async () => {
    const { open, platform } = setUp()
    const error = await failureOf(open('oidc')(`${HOST}/common/v2.0`))
    expect(error.code).toBe('issuer_mismatch')
    expect(platform.requests).toHaveLength(1)
  })
})

test('a document of Entra needs an issuer and secure endpoints like any other', () => {
  const { entra } = setUp()
  const parse = (changes: object) =>
    parseProviderMetadata({ ...entra.metadata, ...changes }, `${HOST}/common`, DIALECTS.entra)
  expect(parse({}).token_endpoint).toBe(`${HOST}/common/v2.0/token`)
  expect(() => parse({ issuer: 7 })).toThrow('`issuer` is missing')
  expect(() => parse({ token_endpoint: 'http://evil.example/token' })).toThrow('token_endpoint')
})
