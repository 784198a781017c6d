import { expect, test } from 'vitest'
import { createFetchJson } from '../protocol/fetch-json.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createMetadataSource } from './metadata-source.ts'

const authority = 'https://idp.example'

function setUp() {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const fetchJson = createFetchJson(createHttp({ fetch: platform.fetch, timeoutMs: 1000 }))
  const metadataOf = createMetadataSource({ platform, store: createMemoryStore(), fetchJson })
  return { platform, provider, metadataOf }
}

test.each([
  ['/authorize', '/authorize'],
  ['/oauth/token', '/oauth/token'],
  ['/oauth2/v2.0/authorize', '/oauth2/v2.0/authorize'],
  ['/realms/a/protocol/openid-connect/auth', '/protocol/openid-connect/auth'],
  ['/connect/authorize/', '/connect/authorize'],
])('the advice removes %s from the end of the authority', async (path, end) => {
  const { metadataOf, provider } = setUp()
  provider.onDiscovery = () => new Response('', { status: 404 })
  const { message } = await failureOf(metadataOf(authority + path))
  const mended = `${authority}${path}`.replace(/\/$/, '').slice(0, -end.length)
  expect(message).toContain(`without ${end}: write "${mended}"`)
})

test('without a document, the message explains `authority`', async () => {
  const { metadataOf } = setUp()
  const { message } = await failureOf(metadataOf(`${authority}/realms/nope`))
  expect(message).toContain('404')
  expect(message).toContain('must be the issuer')
})

test('malformed members are named in the log, once per document', async () => {
  const { metadataOf, platform, provider } = setUp()
  const malformed = { scopes_supported: 'openid', claims_parameter_supported: 'no' }
  provider.onDiscovery = () => jsonResponse({ ...provider.metadata, ...malformed })
  await metadataOf(authority)
  await metadataOf(authority)
  const told = platform.logged.filter((line) => line.includes('malformed'))
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/scopes_supported.*claims_parameter_supported/)
})
