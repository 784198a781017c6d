import {
  type Client,
  type EntraProvider,
  startEntraProvider,
  startIdentityProvider,
} from '@carnet/idp'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { forEachFile } from './for-each-file.ts'

export const WEB = 'web-app'
export const WEB_SECRET = 's3cret-of-the-web-app'
export const CALLBACK = 'https://app.example/callback'
const BYE = 'https://app.example/bye'

/** A plain provider at which alice signs in without pages, and a web app. */
export async function startWebApp(settings = {}, client: Partial<Client> = {}) {
  const { redirectUris = [CALLBACK] } = client
  const idp = await startIdentityProvider({
    settings: { consent: 'skip', signInAs: 'alice', ...settings },
    clients: [
      {
        clientId: WEB,
        redirectUris,
        postLogoutRedirectUris: [BYE, ...redirectUris],
        credentials: { secrets: [WEB_SECRET] },
        ...client,
      },
    ],
  })
  return { idp, ...webAppOf(idp.issuer, 'oidc') }
}

/** An Entra-like provider and a web app. */
export async function startEntraWebApp(settings = {}) {
  const idp = await startEntraProvider({
    settings: { consent: 'skip', redirectUriType: 'web', ...settings },
    clients: [{ clientId: WEB, redirectUris: [CALLBACK], credentials: { secrets: [WEB_SECRET] } }],
  })
  return { idp, ...webAppOf(idp.authority('home'), 'entra') }
}

function webAppOf(authority: string, authorityProfile: 'entra' | 'oidc') {
  const options: ConfidentialClientOptions = {
    clientId: WEB,
    authority,
    authorityProfile,
    credential: clientSecret(WEB_SECRET),
  }
  return {
    options,
    create: (more: Partial<ConfidentialClientOptions> = {}) =>
      createConfidentialClient({ ...options, ...more }),
  }
}

export const SCOPES = ['calendar.read']

/** A plain provider with a web app, for all tests of a file. */
export function useWebApp() {
  const oidc = forEachFile(() => startWebApp())
  return {
    oidc,
    /** Begins a sign-in, and goes through the pages of the provider. */
    async begun(app: Awaited<ReturnType<typeof oidc.create>>, more = {}) {
      const fields = { redirectUri: CALLBACK, scopes: SCOPES, ...more }
      const started = await app.signIn.begin(fields)
      const url = await createAgent({ origin: oidc.idp.issuer }).authorize(started.url)
      return { ...started, answer: request(url, started.cookies) }
    },
  }
}

/** A browser without scripts. It follows redirects within the provider, and presses the buttons of its pages. */
export function createAgent({ origin, username = 'alice' }: { origin: string; username?: string }) {
  const cookies = new Map<string, string>()

  async function visit(url: string, init: RequestInit = {}): Promise<Response | string> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie },
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '' || set.includes('01 Jan 1970')) cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) return answer
    const target = new URL(location, url).href
    return target.startsWith(`${origin}/`) ? visit(target) : target
  }

  /** Presses the buttons of the pages of the provider, until something else comes. */
  async function press(at: Response | string): Promise<string> {
    let next = at
    for (let pages = 0; typeof next !== 'string' && pages < 4; pages += 1) {
      const page: Response = next
      const text = await page.text()
      const action = ['allow', 'continue'].find((one) => text.includes(`value="${one}"`))
      if (action === undefined) return text
      const body = new URLSearchParams({ action, account: username })
      for (const [, scope = ''] of text.matchAll(/name="scope" value="([^"]+)"/g))
        body.append('scope', scope)
      next = await visit(page.url, { method: 'POST', body })
    }
    return typeof next === 'string' ? next : next.text()
  }

  return {
    /** Goes through the pages of the provider. @returns The URL of the response. */
    async authorize(url: string): Promise<string> {
      const at = await press(await visit(url))
      if (!/^https?:/.test(at)) throw new Error(`The provider shows a page: ${at}`)
      return at
    },
    /** Submits a form, and goes through the pages. @returns The last page. */
    press: async (url: string, fields: Record<string, string>) =>
      press(await visit(url, { method: 'POST', body: new URLSearchParams(fields) })),
    visit,
  }
}

/** The origin of the pages of a provider. */
export const originOf = (idp: { readonly issuer?: string } | EntraProvider): string =>
  new URL(('origin' in idp ? idp.origin : idp.issuer) ?? '').origin

/** The `Cookie` header of the browser after these `Set-Cookie` values. */
export const cookieHeader = (set: readonly string[]): string =>
  set
    .filter((one) => !one.includes('Max-Age=0'))
    .map((one) => one.split(';')[0])
    .join('; ')

/** A request of the browser to the app. */
export const request = (url: string, set: readonly string[] = [], init: RequestInit = {}) =>
  new Request(url, {
    ...init,
    headers: { ...(init.headers as object), cookie: cookieHeader(set) },
  })
