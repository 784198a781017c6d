import { describe, expect, test } from 'vitest'
import { createFetchJson } from '../protocol/fetch-json.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider } from '../testing/fake-provider.ts'
import { createMetadataSource, type GivenFacts, type GivenMetadata } from './metadata-source.ts'

const authority = 'https://idp.example'

describe('members that the app gives', () => {
  const complete = {
    issuer: authority,
    authorization_endpoint: 'https://idp.example/authorize',
    token_endpoint: 'https://idp.example/token',
  }

  function setUpWith(members: GivenMetadata | undefined, store: RecordStore = createMemoryStore()) {
    const platform = createFakePlatform((request) => provider.respond(request))
    const provider = createFakeProvider({ now: platform.now })
    const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
    const metadataOf = createMetadataSource({
      platform,
      store,
      fetchJson: createFetchJson(http),
      given: { authority, members },
    })
    return { platform, provider, store, metadataOf }
  }

  test('make discovery unnecessary if they are complete', async () => {
    const { metadataOf, platform } = setUpWith(complete)
    expect(await metadataOf(authority)).toEqual(complete)
    expect(await metadataOf(authority, true)).toEqual(complete)
    expect(platform.requests).toHaveLength(0)
  })

  test('override members of the document, if they are incomplete', async () => {
    const { metadataOf, platform, provider } = setUpWith({
      end_session_endpoint: `${authority}/bye`,
    })
    expect(await metadataOf(authority)).toMatchObject({
      token_endpoint: provider.metadata.token_endpoint,
      end_session_endpoint: `${authority}/bye`,
    })
    expect(platform.requests).toHaveLength(1)
  })

  test('that change invalidate a stored document', async () => {
    const store = createMemoryStore()
    await setUpWith({ end_session_endpoint: `${authority}/old` }, store).metadataOf(authority)
    const later = setUpWith({ end_session_endpoint: `${authority}/new` }, store)
    expect((await later.metadataOf(authority)).end_session_endpoint).toBe(`${authority}/new`)
    const without = setUpWith(undefined, store)
    await without.metadataOf(authority)
    expect(without.platform.requests).toHaveLength(1)
  })

  test('do not apply to another authority', async () => {
    const { metadataOf, platform } = setUpWith(complete)
    const other = `${authority}/other`
    expect((await failureOf(metadataOf(other))).code).toBe('discovery_failed')
    expect(platform.requests).toHaveLength(1)
  })

  test('name an issuer that is not the authority, and another URL for the document', async () => {
    const url = 'https://files.example/metadata.json'
    const document = { ...complete, issuer: 'https://issuer.example' }
    const asked: string[] = []
    const sourceWith = (given: Partial<GivenFacts>, store = createMemoryStore()) =>
      createMetadataSource({
        platform: createFakePlatform(() => new Response()),
        store,
        fetchJson: async (from) => {
          asked.push(from)
          return document
        },
        given: { authority, url, ...given },
      })
    const store = createMemoryStore()
    const right = sourceWith({ issuer: 'https://issuer.example/' }, store)
    expect(await right(authority)).toEqual(document)
    expect(asked).toEqual([url])
    // A document that was stored under these facts serves only clients with the same facts.
    expect(await sourceWith({ issuer: 'https://issuer.example' }, store)(authority)).toEqual(
      document,
    )
    expect(asked).toEqual([url])
    const moved = sourceWith({ issuer: 'https://issuer.example', url: `${url}?v=2` }, store)
    expect(await moved(authority)).toEqual(document)
    expect(asked).toEqual([url, `${url}?v=2`])
    for (const issuer of [undefined, 'https://other.example'])
      expect((await failureOf(sourceWith({ issuer })(authority))).code).toBe('issuer_mismatch')
    // The issuer of one authority says nothing about another authority.
    expect((await failureOf(right(`${authority}/other`))).code).toBe('issuer_mismatch')
  })

  test('of another issuer are refused', async () => {
    const { metadataOf } = setUpWith({ ...complete, issuer: 'https://evil.example' })
    expect((await failureOf(metadataOf(authority))).code).toBe('issuer_mismatch')
  })
})
