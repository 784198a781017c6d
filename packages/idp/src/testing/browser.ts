import { createHash, randomBytes } from 'node:crypto'
import type { Client } from '../model/options.ts'

export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * The cookies that each engine refuses over http from loopback. Chromium and Firefox have the same rule.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20#section-5.7
 */
const refuses = {
  nothing: (_cookie: string) => false,
  chromium: (cookie: string) => /; samesite=none/i.test(cookie) && !/; secure/i.test(cookie),
  webkit: (cookie: string) => /; secure/i.test(cookie),
}

/**
 * A browser without scripts. It keeps cookies by path and follows redirects within the issuer.
 *
 * @param engine The engine whose cookie rules apply. The default accepts all cookies.
 */
export function createBrowser(issuer: string, engine: keyof typeof refuses = 'nothing') {
  const cookies = new Map<string, { value: string; path: string }>()

  async function visit(url: string, init: RequestInit = {}): Promise<Page> {
    const { pathname } = new URL(url)
    const cookie = [...cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[0]}=${value}`)
      .join('; ')
    const headers = { accept: 'text/html', ...(init.headers as object), ...(cookie && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    response.headers.getSetCookie().forEach(keep)

    const location = response.headers.get('location')
    const target = location === null ? undefined : new URL(location, url).href
    if (target?.startsWith(`${issuer}/`)) return visit(target)
    const text = await response.text()
    return { url: target ?? url, status: response.status, headers: response.headers, text }
  }

  function keep(setCookie: string): void {
    if (refuses[engine](setCookie)) return
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? []
    const path = /; path=([^;]*)/i.exec(setCookie)?.[1] ?? '/'
    const key = `${name} ${path}`
    if (value === '' || setCookie.includes('01 Jan 1970')) cookies.delete(key)
    else cookies.set(key, { value: value ?? '', path })
  }

  /** Presses a button: submits the fields and the button as a browser does. */
  const press = (page: Page, fields: Record<string, string | string[]>): Promise<Page> => {
    const body = new URLSearchParams()
    for (const [name, values] of Object.entries(fields)) {
      for (const value of [values].flat()) body.append(name, value)
    }
    return visit(page.url, { method: 'POST', body })
  }

  return { visit, press }
}

export type Browser = ReturnType<typeof createBrowser>

export const spa = {
  clientId: 'spa',
  redirectUris: ['http://localhost:5173/'],
  postLogoutRedirectUris: ['http://localhost:5173/bye'],
} as const satisfies Client

/** A PKCE verifier with its challenge (RFC 7636). */
export function createPkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}
