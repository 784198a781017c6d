import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { createServer, defaultClientConditions, defaultServerConditions } from 'vite'
import solid from 'vite-plugin-solid'

const SOURCE = '@carnet/source'

/** The plugin of each framework, and the entry of its page. */
const FRAMEWORKS = {
  vue: { plugin: vue, entry: 'ts', include: ['vue'] },
  svelte: { plugin: () => svelte({ configFile: false }), entry: 'ts', include: [] as string[] },
  solid: { plugin: () => solid({ ssr: true }), entry: 'tsx', include: [] as string[] },
} as const

/** The build of an app sets the flags of Vue. */
const FLAGS = ['OPTIONS_API', 'PROD_DEVTOOLS', 'PROD_HYDRATION_MISMATCH_DETAILS']
  .map((name) => `__VUE_${name}__ = true`)
  .join()

const issuer = 'https://login.example.com'

/** The client asks for the metadata when the page is idle. */
const DISCOVERY = {
  headers: { 'access-control-allow-origin': '*' },
  json: {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
  },
}

/** Serves a page that the server renders, in development mode: then the frameworks report each difference at hydration. */
async function serveRendered(name: keyof typeof FRAMEWORKS) {
  const { plugin, entry, include } = FRAMEWORKS[name]
  const root = fileURLToPath(new URL(`../../hydration/${name}/`, import.meta.url))
  const vite = await createServer({
    root,
    configFile: false,
    // The servers of several workers must not write to one folder.
    cacheDir: fileURLToPath(new URL(`../../../.cache/hydration/${name}`, import.meta.url)),
    appType: 'custom',
    logLevel: 'error',
    plugins: [plugin()],
    resolve: { conditions: [SOURCE, ...defaultClientConditions] },
    ssr: {
      noExternal: [/^@carnet\//],
      resolve: { conditions: [SOURCE, ...defaultServerConditions] },
    },
    // A dependency that Vite finds late would reload the page.
    optimizeDeps: { noDiscovery: true, include: [...include] },
    server: { host: 'localhost', port: 0 },
  })
  const { render, head = '' } = await vite.ssrLoadModule(`/server.${entry}`)
  const rendered: string = await render()
  const html = `<!doctype html><head><link rel="icon" href="data:," /><script>${FLAGS}</script>${head}</head><body><div id="app">${rendered}</div>
<script type="module" src="/main.${entry}"></script></body>`
  vite.middlewares.use((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(html)
  })
  await vite.listen()
  return { rendered, url: vite.resolvedUrls?.local[0] ?? '', close: () => vite.close() }
}

for (const name of Object.keys(FRAMEWORKS) as (keyof typeof FRAMEWORKS)[]) {
  test(`${name}: a page of a server shows the unknown session, and hydrates without a warning`, async ({
    page,
  }) => {
    const { rendered, url, close } = await serveRendered(name)
    const texts = rendered.replace(/<[^>]*>/g, ' ').replace(/[\s,]+/g, ' ')
    expect(texts.trim()).toBe('unknown no client fallback no token')
    const reported: string[] = []
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) reported.push(message.text())
    })
    page.on('pageerror', (error) => reported.push(`${error}`))
    await page.route(`${issuer}/**`, (route) => route.fulfill(DISCOVERY))
    await page.goto(url)
    await expect(page.locator('main')).toHaveText(/signedOut, client\s*signed out\s*fallback/)
    expect(reported).toEqual([])
    await close()
  })
}
