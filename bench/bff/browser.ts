/** The longest wait for an answer. A later answer counts as none. */
const LONGEST_WAIT_MS = 60_000

export type Browser = ReturnType<typeof createBrowser>

/** A browser without scripts: it keeps the cookies of each host, and follows redirects. */
export function createBrowser() {
  const jars = new Map<string, Map<string, string>>()

  async function visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'text/html', cookie }
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      headers: { ...headers, ...(init.headers as object) },
    })
    for (const one of answer.headers.getSetCookie()) keep(jar, one)
    const location = answer.headers.get('location')
    if (location === null) return answer
    await answer.body?.cancel()
    return visit(new URL(location, url).href)
  }

  return {
    visit,
    /** Submits a form to the address of a page. */
    submit: (page: Response, fields: Record<string, string>) =>
      visit(page.url, { method: 'POST', body: new URLSearchParams(fields) }),
  }
}

function keep(jar: Map<string, string>, setCookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? []
  if (value === '' || setCookie.includes('01 Jan 1970')) jar.delete(name)
  else jar.set(name, value)
}
