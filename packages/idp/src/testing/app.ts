import type { IdentityProviderOptions } from '../model/options.ts'
import { startIdentityProvider } from '../provider/identity-provider.ts'
import { createBrowser, createPkce, type Page, spa } from './browser.ts'

export interface TokenResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, string> & { expires_in?: number }
}

/** A provider and an app, with the operations of the tests. */
export async function startApp(options: IdentityProviderOptions = {}) {
  const idp = await startIdentityProvider({ clients: [spa], ...options })
  const { issuer } = idp
  const [redirectUri = ''] = spa.redirectUris
  const { verifier, challenge } = createPkce()

  const authorizationUrl = (parameters: Record<string, string | undefined>): string => {
    const query = {
      client_id: spa.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state: 'some-state',
      nonce: 'some-nonce',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...parameters,
    }
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    return `${issuer}/auth?${new URLSearchParams(given as [string, string][])}`
  }

  const post = async (path: string, fields: Record<string, string>): Promise<TokenResponse> => {
    const response = await fetch(issuer + path, {
      method: 'POST',
      headers: { origin: new URL(redirectUri).origin },
      body: new URLSearchParams({ client_id: spa.clientId, ...fields }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : {},
    }
  }

  const redeem = (code: string, fields: Record<string, string> = {}) =>
    post('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...fields,
    })

  return {
    ...idp,
    authorizationUrl,
    post,
    verifier,
    redeem,
    browser: () => createBrowser(issuer),
    refresh: (refreshToken: string | undefined, fields: Record<string, string> = {}) =>
      post('/token', { grant_type: 'refresh_token', refresh_token: refreshToken ?? '', ...fields }),

    /** Signs in with one click, allows everything, and redeems the code. */
    async signIn(
      parameters: Record<string, string | undefined> = {},
      { browser = createBrowser(issuer), username = 'alice' } = {},
    ): Promise<TokenResponse['body']> {
      let page = await browser.visit(authorizationUrl(parameters))
      if (page.text.includes('value="continue"')) {
        page = await browser.press(page, { action: 'continue', account: username })
      }
      if (page.text.includes('value="allow"')) {
        page = await browser.press(page, { action: 'allow', scope: scopesOf(page) })
      }
      return (await redeem(answerOf(page).code ?? '')).body
    },

    api: (path: string, accessToken?: string, init: RequestInit = {}) =>
      fetch(`${issuer}/api/${path}`, {
        ...init,
        headers: {
          origin: new URL(redirectUri).origin,
          ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
        },
      }),
  }
}

/** The parameters of the authorization response, from the query or the fragment. */
export function answerOf({ url }: Page): Record<string, string> {
  const { search, hash } = new URL(url)
  return Object.fromEntries(new URLSearchParams(hash.slice(1) || search))
}

/** The scopes that a consent page offers. */
export const scopesOf = ({ text }: Page): string[] =>
  [...text.matchAll(/name="scope" value="([^"]+)"/g)].map(([, scope]) => scope ?? '')
