import { decodeJwt } from 'jose'
import type { EntraProviderOptions } from '../entra/directory/options.ts'
import { startEntraProvider } from '../entra/start-entra-provider.ts'
import { answerOf } from './app.ts'
import { createBrowser, createPkce, type Page, spa } from './browser.ts'

/** The body of a token response or of an error response. */
type Body = Record<string, string> & { expires_in?: number; error_codes?: number[] }

/** An Entra-like provider and an app, with the operations of the tests. */
export async function startEntraApp(options: EntraProviderOptions = {}) {
  const idp = await startEntraProvider({ clients: [spa], ...options })
  const [redirectUri = ''] = spa.redirectUris
  const { verifier, challenge } = createPkce()

  const authorizationUrl = (
    parameters: Record<string, string | undefined> = {},
    tenant = 'home',
  ): string => {
    const query = {
      client_id: spa.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile offline_access User.Read',
      state: 'some-state',
      nonce: 'some-nonce',
      client_info: '1',
      response_mode: 'fragment',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...parameters,
    }
    const given = Object.entries(query).filter(([, value]) => value !== undefined)
    const search = new URLSearchParams(given as [string, string][])
    return `${idp.authority(tenant)}/oauth2/v2.0/authorize?${search}`
  }

  const post = async (
    fields: Record<string, string>,
    { tenant = 'home', origin = new URL(redirectUri).origin as string | undefined } = {},
  ) => {
    const response = await fetch(`${idp.authority(tenant)}/oauth2/v2.0/token`, {
      method: 'POST',
      ...(origin !== undefined && { headers: { origin } }),
      body: new URLSearchParams({ client_id: spa.clientId, client_info: '1', ...fields }),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Body,
    }
  }

  const redeem = (code: string | undefined, fields: Record<string, string> = {}, tenant = 'home') =>
    post(
      {
        grant_type: 'authorization_code',
        code: code ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...fields,
      },
      { tenant },
    )

  const browser = () => createBrowser(idp.origin)

  /** Signs in with one click and allows everything. It returns the redirect to the app, or any other page. */
  const walk = async (
    parameters: Record<string, string | undefined> = {},
    { agent = browser(), tenant = 'home', username = 'alice' } = {},
  ): Promise<Page> => {
    let page = await agent.visit(authorizationUrl(parameters, tenant))
    if (page.text.includes('value="continue"')) {
      page = await agent.press(page, { action: 'continue', account: username })
    }
    return page.text.includes('value="allow"') ? agent.press(page, { action: 'allow' }) : page
  }

  return {
    ...idp,
    redirectUri,
    authorizationUrl,
    post,
    redeem,
    browser,
    walk,
    refresh: (token: string | undefined, fields: Record<string, string> = {}, tenant = 'home') =>
      post({ grant_type: 'refresh_token', refresh_token: token ?? '', ...fields }, { tenant }),
    async signIn(...walked: Parameters<typeof walk>): Promise<Body> {
      return (await redeem(answerOf(await walk(...walked)).code)).body
    },
    callGraph: (path: string, token?: string, init: RequestInit = {}) =>
      fetch(idp.graph + path, {
        ...init,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
  }
}

export const clientInfoOf = ({ client_info = '' }: Record<string, string>) =>
  JSON.parse(Buffer.from(client_info, 'base64url').toString()) as { uid: string; utid: string }

export const claimsOf = (token: string | undefined) => decodeJwt(token ?? '')
