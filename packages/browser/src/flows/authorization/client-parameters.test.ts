import { jsonResponse } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import { checkOptions } from '../../checks/check-options.ts'
import { checkRequest } from '../../checks/check-request.ts'
import { createFacelessClient } from '../../testing/faceless-client.ts'
import { queryOf } from '../../tokens/query-of.ts'
import { createCustody } from '../../worker/custody.ts'

const origin = 'https://app.example'
const paramsOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

test('the parameters of the client are in each sign-in, and later requests of the account repeat them', async () => {
  const options = {
    extraParameters: { audience: 'api', ui_locales: 'de' },
    tokenParameters: { vendor: 'x' },
  }
  const client = createFacelessClient('oidc', options)
  const { context, interact, network, platform, provider, start } = client
  const own = { extraParameters: { audience: 'other', ui_locales: 'fr' } }
  expect(paramsOf((await start({ scopes: ['read'] })).url)).toMatchObject(options.extraParameters)
  expect(paramsOf((await start(own)).url)).toMatchObject(own.extraParameters)
  const none = { extraParameters: { audience: '', ui_locales: '' } }
  const names = Object.keys(paramsOf((await start(none)).url))
  expect(names).not.toContain('audience')
  expect(names).not.toContain('ui_locales')

  const { account } = (await interact({ scopes: ['read'] })).result
  expect(provider.tokenRequests.at(-1)?.get('vendor')).toBe('x')
  platform.advance(3_600_000)
  provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid read' }))
  await network.renew(await queryOf(account, { scopes: ['read'] }, context))
  const sent = provider.tokenRequests.at(-1)
  expect([sent?.get('vendor'), sent?.get('grant_type')]).toEqual(['x', 'refresh_token'])
  // `ui_locales` changes no token: it is in the address only.
  expect([sent?.get('audience'), sent?.get('ui_locales')]).toEqual(['api', null])
})

test('the `nonce` of a request is sent, and its ID token must have it', async () => {
  const nonce = 'computed-by-a-server'
  const { interact, start } = createFacelessClient('oidc')
  const { url, transaction } = await start({ nonce })
  expect([paramsOf(url).nonce, transaction.nonce]).toEqual([nonce, nonce])
  expect((await interact({ nonce })).result.idTokenClaims.nonce).toBe(nonce)
  expect(() => checkRequest.interactive({ nonce: 'short' }, origin)).toThrow(/16 characters/)
  const hidden = { extraParameters: { nonce } }
  expect(() => checkRequest.interactive(hidden, origin)).toThrow(/use the field `nonce`/)
})

test('requests to the provider have the headers of the app', async () => {
  const { context, platform, provider } = createFacelessClient('oidc', {
    requestHeaders: { 'x-tenant': 'a' },
  })
  const { http, tokenHttp } = createCustody(context.config, () => undefined)
  const url = `${provider.issuer}/.well-known/openid-configuration`
  await http(url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    redirect: 'follow',
  })
  const body = new URLSearchParams({ grant_type: 'x' })
  await tokenHttp(provider.metadata.token_endpoint, { method: 'POST', body, redirect: 'manual' })
  const heard = platform.requests.map(({ headers }) => [
    headers.get('x-tenant'),
    headers.get('accept'),
  ])
  expect(heard[0]).toEqual(['a', 'application/json'])
  expect(heard[1]?.[0]).toBe('a')
})

test('refuses headers that are not valid, and headers of the protocol', () => {
  const check = (requestHeaders: unknown) => () =>
    checkOptions({ clientId: 'spa', authority: 'https://idp.example', requestHeaders }, origin)
  for (const wrong of [{ 'a b': 'x' }, { a: 'x\ny' }, { a: 1 }, { Authorization: 'x' }, []])
    expect(check(wrong)).toThrow(/requestHeaders/)
  expect(check({ 'x-tenant': 'a' })).not.toThrow()
})
