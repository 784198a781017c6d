import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeProvider } from '../testing/fake-provider.ts'
import { type EndSessionRequest, endSessionPlan } from './end-session.ts'

const { metadata } = createFakeProvider({ now: Date.now })
const request: EndSessionRequest = {
  clientId: 'spa',
  idTokenHint: 'a.b.c',
  logoutHint: undefined,
  accountHint: 'alice',
  postLogoutRedirectUri: 'https://app.example/bye',
  state: undefined,
  extraParameters: {},
  method: 'auto',
}
const LONG = `a.${'b'.repeat(20_000)}.c`

const planOf = (changes: Partial<EndSessionRequest> = {}) => {
  const plan = endSessionPlan(metadata, { ...request, ...changes })
  return plan ?? expect.fail('There is no plan.')
}
const parametersOf = (url: string) => Object.fromEntries(new URL(url).searchParams)

test('the request has exactly the client id, the ID token and the redirect URI', () => {
  const { url, form } = planOf()
  expect(form).toBeUndefined()
  expect(url.split('?')[0]).toBe('https://idp.example/logout')
  expect(parametersOf(url)).toEqual({
    client_id: 'spa',
    id_token_hint: 'a.b.c',
    post_logout_redirect_uri: 'https://app.example/bye',
  })
})

test('all parameters except the client are optional', () => {
  const { url } = planOf({ idTokenHint: undefined, postLogoutRedirectUri: undefined })
  expect(parametersOf(url)).toEqual({ client_id: 'spa' })
})

test('parameters of the endpoint stay, and further parameters are added', () => {
  const end_session_endpoint = 'https://idp.example/logout?tenant=a'
  const extraParameters = { logout_uri: 'https://app.example/', returnTo: '/?a=b&c' }
  const plan = endSessionPlan(
    { ...metadata, end_session_endpoint },
    { ...request, extraParameters },
  )
  expect(parametersOf(plan?.url ?? '')).toMatchObject({ tenant: 'a', ...extraParameters })
})

test('without an end-session endpoint, there is no request', () => {
  const { end_session_endpoint: _, ...without } = metadata
  expect(endSessionPlan(without, request)).toBeUndefined()
})

describe('an ID token that makes the URL too long', () => {
  test('is posted', () => {
    const { url, form } = planOf({ idTokenHint: LONG, state: 's' })
    expect(url).toBe('https://idp.example/logout')
    expect(form).toEqual({
      client_id: 'spa',
      id_token_hint: LONG,
      post_logout_redirect_uri: 'https://app.example/bye',
      state: 's',
    })
  })

  test('is omitted if POST is not allowed; a hint names the account', () => {
    const { url, form, withoutForm } = planOf({ idTokenHint: LONG, method: 'get' })
    expect(form).toBeUndefined()
    expect(withoutForm).toBe(url)
    expect(parametersOf(url)).toEqual({
      client_id: 'spa',
      logout_hint: 'alice',
      post_logout_redirect_uri: 'https://app.example/bye',
    })
    const { url: named } = planOf({ idTokenHint: LONG, method: 'get', logoutHint: 'bob' })
    expect(parametersOf(named).logout_hint).toBe('bob')
  })
})

test('an app may choose POST for all requests', () => {
  const { form, withoutForm } = planOf({ method: 'post' })
  expect(form?.id_token_hint).toBe('a.b.c')
  expect(parametersOf(withoutForm).id_token_hint).toBe('a.b.c')
})

test('no URL grows with the ID token, and no extra parameter replaces a protocol parameter', () => {
  const names = ['client_id', 'id_token_hint', 'state', 'logout_uri', 'constructor', '__proto__']
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6000 }),
      fc.constantFrom('auto' as const, 'get' as const, 'post' as const),
      fc.dictionary(fc.constantFrom(...names), fc.string({ maxLength: 20 })),
      (length, method, extraParameters) => {
        const idTokenHint = 'x'.repeat(length)
        const { url, form, withoutForm } = planOf({
          idTokenHint,
          method,
          extraParameters,
          state: 's',
        })
        expect(url.length).toBeLessThanOrEqual(2000)
        expect(withoutForm.length).toBeLessThanOrEqual(2000)
        const sent = form ?? parametersOf(url)
        expect([sent.client_id, sent.state]).toEqual(['spa', 's'])
        expect([undefined, idTokenHint]).toContain(sent.id_token_hint)
        if (method !== 'get') expect(sent.id_token_hint).toBe(idTokenHint)
      },
    ),
  )
})
