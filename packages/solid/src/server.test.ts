import { createComponent, type JSX } from 'solid-js'
import { renderToString } from 'solid-js/web'
import { expect, test } from 'vitest'
import { AuthProvider, RequireAccount, SignedIn, SignedOut, useAuth, useToken } from './index.ts'

function Page(): JSX.Element {
  const auth = useAuth()
  const token = useToken(() => ({ scopes: ['a'] }))
  return [
    createComponent(SignedIn, { children: 'in' }),
    createComponent(SignedOut, { children: 'out' }),
    createComponent(RequireAccount, { children: 'required', fallback: 'fallback' }),
    [auth.status, auth.client, token(), token.error].map(String).join(),
  ]
}

test('a server renders the unknown session', () => {
  const html = renderToString(() =>
    createComponent(AuthProvider, {
      client: undefined,
      get children() {
        return createComponent(Page, {})
      },
    }),
  )
  expect(html.replace(/<!--.*?-->/g, '')).toBe('fallbackunknown,undefined,undefined,undefined')
})

test('a component without a client says so', () => {
  expect(() => renderToString(() => createComponent(Page, {}))).toThrow('AuthProvider')
})
