import { expect, test } from 'vitest'
import { createFakeProvider } from '../testing/fake-provider.ts'
import { endSessionUrl } from './end-session.ts'

const { metadata } = createFakeProvider({ now: Date.now })
const request = {
  clientId: 'spa',
  idTokenHint: 'a.b.c',
  logoutHint: undefined,
  postLogoutRedirectUri: 'https://app.example/bye',
  state: undefined,
}

test('the way out names the client, the ID token and where to come back to, and nothing else', () => {
  const url = new URL(endSessionUrl(metadata, request) ?? '')
  expect(url.origin + url.pathname).toBe('https://idp.example/logout')
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'spa',
    id_token_hint: 'a.b.c',
    post_logout_redirect_uri: 'https://app.example/bye',
  })
})

test('parameters that the endpoint has already stay', () => {
  const end_session_endpoint = 'https://idp.example/logout?tenant=a'
  const url = new URL(endSessionUrl({ ...metadata, end_session_endpoint }, request) ?? '')
  expect(url.searchParams.get('tenant')).toBe('a')
})

test('there is no way out where the provider has no end-session endpoint', () => {
  const { end_session_endpoint: _, ...without } = metadata
  expect(endSessionUrl(without, request)).toBeUndefined()
})
