import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import type { BrowserContext, CDPSession, Page } from 'playwright'
import type { Library } from '../figures/libraries.ts'
import { openBrowser } from './browser.ts'
import { buildPages } from './build-pages.ts'
import { type SiteOf, servePages } from './serve-pages.ts'

/** The shared resources of all measures, for the whole run. */
export interface World {
  readonly idp: IdentityProvider
  readonly context: BrowserContext
  /** The tab of most measures. */
  readonly page: Page
  /** The DevTools session of the tab. */
  readonly devTools: CDPSession
  readonly siteOf: SiteOf
  /** A site with `count` cached tokens, or as many as the library can hold. The first call fills the cache. */
  filledSite(library: Library, count: number): Promise<string>
  /** The number of tokens that the library holds after `count` tokens. */
  tokensHeld(library: Library, count: number): Promise<number>
  /** Clears the storage and the cookies of a site, from an empty page of the site. */
  clear(site: string): Promise<void>
  close(): Promise<void>
}

/** The tab of a browser, with its DevTools session. */
type Tab = Pick<World, 'context' | 'page' | 'devTools'>

/** Clears the storage and the cookies of a site, from an empty page of the site. */
async function clearSite(site: string, { context, page, devTools }: Tab): Promise<void> {
  await page.goto(`${site}/blank`)
  await devTools.send('Storage.clearDataForOrigin', { origin: site, storageTypes: 'all' })
  await context.clearCookies({ domain: new URL(site).hostname })
}

async function signInAtProvider(page: Page, floor: string): Promise<void> {
  await page.goto(floor)
  await page.click('#redirect')
  await page.getByRole('button', { name: 'Continue as Alice Adams' }).click()
  await page.waitForURL(`${floor}/**`)
}

/** Runs `work` in another browser, which blocks third-party cookies. */
export async function withoutThirdPartyCookies(
  world: World,
  work: (world: World) => Promise<void>,
): Promise<void> {
  const { context, close } = await openBrowser(true)
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    const tab = { context, page, devTools: await context.newCDPSession(page) }
    await signInAtProvider(page, world.siteOf('floor'))
    await work({ ...world, ...tab, clear: (site) => clearSite(site, tab) })
  } finally {
    await close()
  }
}

/** Builds and serves the pages, starts the provider and a browser, and signs in at the provider. */
export async function createWorld(repository: string): Promise<World> {
  let authority = ''
  const pages = await servePages(await buildPages(repository), () => authority)
  const idp = await startIdentityProvider({
    // `@azure/msal-browser` requires an authority with TLS, so all libraries use TLS.
    tls: true,
    clients: [],
    settings: { consent: 'skip' },
  })
  authority = idp.issuer
  const known = new Set<string>()
  const siteOf: SiteOf = (library, purpose) => {
    const site = pages.siteOf(library, purpose)
    const redirectUris = [...known.add(`${site}/`).add(`${site}/callback.html`)]
    idp.addClient({ clientId: 'bench', redirectUris })
    return site
  }
  const { context, close } = await openBrowser()
  const page = context.pages()[0] ?? (await context.newPage())
  const devTools = await context.newCDPSession(page)

  await signInAtProvider(page, siteOf('floor'))

  const filling = new Map<string, Promise<number>>()
  const fill = (site: string, count: number): Promise<number> => {
    const running = filling.get(site) ?? fillNow(site, count)
    filling.set(site, running)
    return running
  }
  async function fillNow(site: string, count: number): Promise<number> {
    await page.goto(`${site}/fill.html`)
    return page.evaluate((tokens) => window.fill(tokens), count)
  }

  return {
    idp,
    context,
    page,
    devTools,
    siteOf,
    async filledSite(library, count) {
      const site = siteOf(library, count)
      await fill(site, count)
      return site
    },
    tokensHeld: (library, count) => fill(siteOf(library, count), count),
    clear: (site) => clearSite(site, { page, devTools, context }),
    async close() {
      await close()
      await Promise.all([idp.close(), pages.close()])
    },
  }
}
