import { toTokenQuery } from '@carnet/core'
import { DIALECTS, jsonResponse } from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import { createFacelessClient } from '../../testing/faceless-client.ts'

const API = 'https://api.example'
const OTHER_API = 'https://other.example'

describe('a request for an API at Auth0', () => {
  test('names the API by `audience` on the wire, and never by `resource`', async () => {
    const { start, interact, network, provider } = createFacelessClient('auth0')
    const { url } = await start({ scopes: ['read'], resource: API })
    expect(new URL(url).searchParams.get('audience')).toBe(API)
    expect(new URL(url).searchParams.has('resource')).toBe(false)

    const { result } = await interact({ scopes: ['read'], resource: API })
    provider.onToken = () => jsonResponse(provider.tokens({ id_token: undefined, scope: 'read' }))
    await network.renew(
      toTokenQuery(result.account, ['read'], { dialect: DIALECTS.auth0, resource: API }),
    )
    const [code, refresh] = provider.tokenRequests.map((body) => [
      body.get('grant_type'),
      body.get('audience'),
      body.has('resource'),
    ])
    expect(code).toEqual(['authorization_code', null, false])
    expect(refresh).toEqual(['refresh_token', API, false])
  })

  test('has a token of its own for each API', async () => {
    const { interact, cache, platform } = createFacelessClient('auth0')
    const { result } = await interact({ scopes: ['read'], resource: API })
    const find = (resource?: string) =>
      cache.find(
        toTokenQuery(result.account, ['read'], { dialect: DIALECTS.auth0, resource }),
        platform.now(),
      )
    expect((await find(API))?.token).toBe(result.accessToken)
    expect(await find(OTHER_API)).toBeUndefined()
    expect(await find()).toBeUndefined()
  })

  test('keeps the `audience` of `extraParameters`', async () => {
    const { start } = createFacelessClient('auth0')
    const { url } = await start({ scopes: ['read'], extraParameters: { audience: API } })
    expect(new URL(url).searchParams.get('audience')).toBe(API)
  })
})
