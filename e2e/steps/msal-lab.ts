import type { Page } from '@playwright/test'

/** The observations of an app, by their names. */
export type Observations = Record<string, unknown>

/** Random values; names of the library; hints that only Carnet sends, so that no page asks for the account. */
const OWN =
  /^(state|nonce|code_challenge|client-request-id|clidata|pocd|x-client-\w+|id_token_hint)$/

/** The path and the parameters of a request, without the values that differ. */
function comparable(url: string): object {
  const { pathname, searchParams } = new URL(url)
  const isSignOut = pathname.endsWith('/logout')
  const fixed = [...searchParams]
    .filter(([name]) => !OWN.test(name) && !(isSignOut && name === 'client_id'))
    .map(([name, value]) => [
      name,
      value
        .replace(/msal-\w+/, '')
        .split(' ')
        .sort()
        .join(' '),
    ])
  return { pathname, ...Object.fromEntries(fixed) }
}

type How = 'call' | 'withAccount' | 'hydrate'

/** Makes a call in the page. Returns what the app sees of it. */
const made = (page: Page, how: How, given: readonly unknown[]) =>
  page.evaluate(
    async ([way, values]) => {
      const call = window.lab[way] as (...parameters: readonly unknown[]) => Promise<object>
      const answer = await call(...values)
      return { ...answer, events: window.lab.events() }
    },
    [how, given] as const,
  )

/** The parts of the page that the story reads and changes directly. */
const directly = (page: Page) => ({
  /** Forgets an interaction that the app did not finish. */
  forgets: () => page.evaluate(() => sessionStorage.clear()),

  /** The requests that the page would have been left for. */
  async left(): Promise<object[]> {
    const urls = await page.evaluate(() => (Reflect.get(window, 'kept') as string[]).splice(0))
    return urls.map(comparable)
  },

  /** Waits for an event of another tab. Returns its kind: another tab may not know the interaction. */
  async hears(eventType: string): Promise<object> {
    const heard = await page.waitForFunction(
      (type) => window.lab.heard().find((event) => Reflect.get(event, 'eventType') === type),
      eventType,
    )
    const { payload } = Object(await heard.jsonValue()) as Record<string, unknown>
    return { eventType, payload }
  },

  /** The token that the cache has, and its user. */
  cached: (scope: string) =>
    page.evaluate(async (asked) => {
      const app = window.lab.app()
      const [account] = app.getAllAccounts()
      const cacheLookupPolicy = window.lab.msal.CacheLookupPolicy.AccessToken
      const request = { scopes: [asked], cacheLookupPolicy, ...(account && { account }) }
      const result = await app.acquireTokenSilent(request)
      window.lab.events()
      const isOfServer = result.accessToken === 'of a server'
      return { isOfServer, fromCache: result.fromCache, user: result.account.username }
    }, scope),

  path: () => `${new URL(page.url()).pathname.replace(/msal-\w+/, '')}${new URL(page.url()).hash}`,
})

/** The page of the comparisons, with one of the two libraries. */
export function createLab(
  page: Page,
  { idp, bareUrl }: { readonly idp: { authority(name: 'home'): string }; readonly bareUrl: string },
  library: string,
) {
  const url = `${bareUrl}msal-${library}/compared.html`
  const seen: Observations = {}

  async function notes(name: string, how: How, ...given: readonly unknown[]) {
    seen[name] = await made(page, how, given)
  }

  const lab = {
    page,
    seen,
    url,
    ...directly(page),
    /** Makes a call of the application object, and notes the answer with its events. */
    calls: (name: string, method: string, ...given: readonly unknown[]) =>
      notes(name, 'call', method, ...given),

    /** The same for a call that takes the account that is signed in. */
    callsForAccount: (name: string, method: string, request: object) =>
      notes(name, 'withAccount', method, request),

    /** Puts a token into an empty cache. */
    putsIn: (name: string, how: 'hydrate', given: unknown) => notes(name, how, given),

    /** Loads the page, and creates the application object. */
    async opens(more: { readonly keepsPage?: boolean; readonly hash?: string } = {}) {
      if (more.hash !== undefined) await page.goto(`${url}${more.hash}`)
      await page.waitForFunction(() => 'lab' in window)
      await page.evaluate(
        ([authority, page, keepsPage]) => {
          const kept: string[] = []
          Object.assign(window, { kept })
          window.lab.create({
            auth: {
              clientId: 'spa',
              authority,
              knownAuthorities: [new URL(authority).host],
              redirectUri: new URL('redirect.html', page).href,
              postLogoutRedirectUri: page,
              ...(keepsPage && {
                onRedirectNavigate: (target: string) => {
                  kept.push(target)
                  return false
                },
              }),
            },
            cache: { cacheLocation: 'localStorage' },
          })
        },
        [idp.authority('home'), url, more.keepsPage ?? false] as const,
      )
    },

    initialize: () =>
      page.evaluate(async () => {
        await window.lab.app().initialize()
        return window.lab.events()
      }),

    /** Opens the page, and initializes the application object. */
    async starts(more: { readonly keepsPage?: boolean; readonly hash?: string } = {}) {
      await lab.opens(more)
      await lab.initialize()
    },

    /** Leaves the page by a call, and waits until the provider shows its page. */
    async leavesBy(method: string, request: object): Promise<void> {
      const leaving = page.waitForURL((at) => at.origin !== new URL(url).origin, {
        timeout: 15_000,
      })
      await page.evaluate(([called, given]) => void window.lab.call(called, given), [
        method,
        request,
      ] as const)
      await leaving
    },
  }
  return lab
}

export type Lab = ReturnType<typeof createLab>
