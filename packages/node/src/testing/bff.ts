import { createBff } from '../session/bff.ts'
import { createTestClock } from './service.ts'
import { cookieHeader, createAgent, type startWebApp } from './web-app.ts'

export const ORIGIN = 'https://app.example'
export const BFF_SCOPES = ['calendar.read', 'calendar.write']

/** A BFF at a provider, and a browser that talks to it. */
export async function startBff(oidc: Awaited<ReturnType<typeof startWebApp>>, options = {}) {
  const clock = createTestClock()
  const app = await oidc.create({ clock })
  const api = `${oidc.idp.issuer}/api/`
  const bff = createBff(app, {
    origin: ORIGIN,
    scopes: BFF_SCOPES,
    proxy: { '/api/': api },
    resources: {
      [`${api}calendar`]: BFF_SCOPES,
      [`${api}echo`]: BFF_SCOPES,
      [`${api}claims`]: BFF_SCOPES,
    },
    ...options,
  })
  const agent = createAgent({ origin: oidc.idp.issuer })
  const jar = new Map<string, string>()

  /** A request of the browser to the app. */
  async function visit(path: string, init: RequestInit = {}): Promise<Response> {
    const set = [...jar].map(([name, value]) => `${name}=${value}`)
    const headers = { 'sec-fetch-site': 'same-origin', ...(init.headers as object) }
    const cookie = cookieHeader(set)
    const answer = await bff.handle(
      new Request(ORIGIN + path, {
        ...init,
        headers: { ...headers, cookie },
        ...(init.body != null && { duplex: 'half' }),
      } as RequestInit),
    )
    for (const one of answer?.headers.getSetCookie() ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer ?? new Response(null, { status: 404 })
  }

  async function signIn(path = '/login?returnTo=/inbox'): Promise<Response> {
    const { headers } = await visit(path)
    const back = new URL(await agent.authorize(headers.get('location') ?? ''))
    return visit(back.pathname + back.search)
  }
  return { agent, clock, app, bff, jar, visit, signIn }
}
