import { fileURLToPath } from 'node:url'
import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { isBareEngine } from '../scripts/browser.mjs'
import { browserThatAllowsCookies } from './steps/browser/third-party-cookies.ts'
import { serve } from './world.ts'

/** The libraries that run the same app. */
export const LIBRARIES = ['original', 'carnet'] as const
export type Library = (typeof LIBRARIES)[number]

/** A request to the provider, with the names of its parameters, and with values that do not differ between sign-ins. */
export interface SeenRequest {
  readonly to: string
  readonly parameters: Readonly<Record<string, string>>
}

/** One of the two builds of the app, in a browser of its own. */
export interface Side {
  readonly library: Library
  readonly url: string
  readonly page: Page
  readonly context: BrowserContext
  readonly idp: IdentityProvider
  /** Creates the manager in the page. `settings` are JSON. */
  starts(settings?: object): Promise<void>
  /** Calls a function of the page, and returns the public face of its result or of its error. */
  sees(call: string): Promise<unknown>
  /** Calls a function that leaves the page, and waits for the return. */
  leaves(call: string): Promise<void>
  /** Signs in by redirect, and creates the manager in the page of the return. */
  signsIn(settings?: object, args?: object): Promise<unknown>
  /** Opens the app in another tab of the same browser. */
  anotherTab(): Promise<Side>
  /** Opens the app with the other library in another tab of the same browser. Its storage is that of another origin. */
  otherLibrary(): Promise<Side>
  /** The events of the manager, in their order. */
  events(): Promise<unknown[]>
  /** The requests to the provider so far, in their order, without discovery. */
  requests(): SeenRequest[]
}

export const oidcStory = test.extend<
  {
    /** The setting of the browser for third-party cookies. */
    cookies: 'default' | 'allowed'
    sides: (scenario: (side: Side) => Promise<unknown>) => Promise<Record<Library, unknown>>
  },
  { builds: { idp: IdentityProvider; urls: Readonly<Record<Library, string>> } }
>({
  builds: [
    async ({}, use) => {
      let authority = ''
      const root = fileURLToPath(new URL('./oidc-app/', import.meta.url))
      const servers = await Promise.all(
        LIBRARIES.map((library) => serve(root, () => authority, `dist/${library}`)),
      )
      const [original = '', carnet = ''] = servers.map(({ url }) => url)
      const pages = ['', 'index.html', 'callback.html', 'react.html']
      const redirectUris = [original, carnet].flatMap((url) => pages.map((page) => url + page))
      const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris }] })
      authority = idp.issuer
      await use({ idp, urls: { original, carnet } })
      await Promise.all([...servers, idp].map((server) => server.close()))
    },
    { scope: 'worker' },
  ],

  cookies: ['default', { option: true }],

  /** Runs a scenario with each library, and returns what the app and the provider saw. */
  sides: async ({ browser, builds: { idp, urls }, cookies, launchOptions }, use) => {
    await use(async (scenario) => {
      const seen: Partial<Record<Library, unknown>> = {}
      for (const library of LIBRARIES) {
        await idp.control.reset()
        await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
        // The headless shell has no such setting, and allows third-party cookies.
        const isPlain = cookies === 'default' || isBareEngine(launchOptions)
        const { context, close } = isPlain
          ? await plainContext(browser)
          : await browserThatAllowsCookies({ locale: 'en-GB' })
        // Playwright shows a story no requests of a shared worker.
        await context.addInitScript(() => void Reflect.deleteProperty(window, 'SharedWorker'))
        const side = await openSide(library, urls, context, idp)
        seen[library] = await scenario(side)
        await close()
      }
      return seen as Record<Library, unknown>
    })
  },
})

async function plainContext(browser: Browser) {
  const context = await browser.newContext({ locale: 'en-GB' })
  return { context, close: () => context.close() }
}

async function openSide(
  library: Library,
  urls: Readonly<Record<Library, string>>,
  context: BrowserContext,
  idp: IdentityProvider,
): Promise<Side> {
  const url = urls[library]
  const requests: SeenRequest[] = []
  context.on('request', (request) => {
    const at = new URL(request.url())
    if (at.origin !== idp.issuer || /well-known|interaction|favicon/.test(at.pathname)) return
    if (request.method() === 'OPTIONS' || at.pathname.startsWith('/auth/')) return
    const body = new URLSearchParams(request.postData() ?? '')
    requests.push({ to: at.pathname, parameters: comparable([...at.searchParams, ...body], url) })
  })
  const page = await context.newPage()
  await page.goto(url)

  const side: Side = {
    library,
    url,
    page,
    context,
    idp,
    starts: (settings = {}) => page.evaluate((given) => void window.startManager(given), settings),
    sees: (call) =>
      page.evaluate((code) => window.sees(() => new Function(`return ${code}`)()), call),
    async leaves(call) {
      const returns = page.waitForEvent('load')
      await page.evaluate((code) => void new Function(`return ${code}`)(), call)
      await returns
      await page.waitForFunction(() => 'startManager' in window)
    },
    async signsIn(settings = {}, args = {}) {
      await side.starts(settings)
      await side.leaves(`manager.signinRedirect(${JSON.stringify(args)})`)
      await side.starts(settings)
      return side.sees('manager.signinCallback()')
    },
    anotherTab: () => openSide(library, urls, context, idp),
    otherLibrary: () => openSide(library === 'carnet' ? 'original' : 'carnet', urls, context, idp),
    events: () => page.evaluate(() => window.notes()),
    requests: () => [...requests],
  }
  return side
}

/** Values that differ between two requests of the same library. */
const RANDOM = 'code code_challenge code_verifier state id_token_hint refresh_token token'.split(
  ' ',
)

/** Parameters that Carnet adds: a nonce, and the response mode by its name. */
const ADDED = ['nonce', 'response_mode']

/** Parameters that Carnet adds to a sign-out, and in a hidden iframe: they spare the user a question. */
const ADDED_TO_SIGN_OUT = ['client_id']
/** A refresh request without `scope` gets the scope of its grant (RFC 6749 section 6): Carnet omits it. */
const OMITTED_FROM_REFRESH = ['scope']
const ADDED_IN_IFRAME = ['id_token_hint', 'login_hint']

function comparable(
  parameters: readonly (readonly [string, string])[],
  url: string,
): Readonly<Record<string, string>> {
  const {
    post_logout_redirect_uri: signOutUri,
    prompt,
    grant_type: grantType,
  } = Object.fromEntries(parameters)
  const hidden = [
    ...ADDED,
    ...(signOutUri === undefined ? [] : ADDED_TO_SIGN_OUT),
    ...(prompt === 'none' ? ADDED_IN_IFRAME : []),
    ...(grantType === 'refresh_token' ? OMITTED_FROM_REFRESH : []),
  ]
  return Object.fromEntries(
    parameters
      .filter(([name]) => !hidden.includes(name))
      .map(([name, value]) => {
        if (RANDOM.includes(name)) return [name, '(random)']
        if (name === 'scope') return [name, value.split(' ').toSorted().join(' ')]
        return [name, value.replace(url, '<app>/')]
      }),
  )
}

/** The app and the provider must see the same with both libraries. */
export const expectSame = (seen: Record<Library, unknown>): void =>
  expect(seen.carnet).toEqual(seen.original)

export { expect }
