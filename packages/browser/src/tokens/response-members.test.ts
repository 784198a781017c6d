import { jsonResponse } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import { authorizationOf } from '../fetch/call.ts'
import { createFacelessClient } from '../testing/faceless-client.ts'

test('results have the members of their responses, with the session state of the session', async () => {
  const { accounts, complete, platform, provider, renew, start } = createFacelessClient('oidc')
  const { nonce, state } = (await start({ scopes: ['read'] })).transaction
  const scope = 'openid offline_access read'
  const tokens = provider.tokens({ id_token: provider.idToken({ nonce }), scope, custom: 'x' })
  provider.onToken = () => jsonResponse(tokens)
  const answer = { state, code: 'c', session_state: 's.1' }
  const { response, account } = await complete(new URLSearchParams(answer))
  expect(response).toEqual({
    ...{ scope, custom: 'x', session_state: 's.1', token_type: 'Bearer', expires_in: 3600 },
  })

  platform.advance(3_600_000)
  provider.onToken = () => jsonResponse(provider.tokens({ scope, custom: 'y' }))
  const renewed = await renew(account, 'read')
  expect(renewed.response).toMatchObject({ custom: 'y', session_state: 's.1' })

  provider.onToken = () => jsonResponse(provider.tokens({ scope, session_state: 's.2' }))
  expect((await renew(account, 'read')).response).toMatchObject({ session_state: 's.2' })
  expect(accounts.record(account)?.sessionState).toBe('s.2')
})

test('a result without an access token attaches nothing to a call', () => {
  const missing = () => authorizationOf({ tokenType: 'Bearer', accessToken: '' })
  expect(missing).toThrow(/no access token/)
})
