import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { expect, type Page, test } from '@playwright/test'
import { type BuildOptions, build } from 'esbuild'

type Server = typeof import('../../server-rendering/server.ts')

const pathOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** Bundles the code of the page and of the server with one version of React, with its checks of development. */
async function bundle(major: '18' | '19') {
  const options: BuildOptions = {
    ...{ bundle: true, logLevel: 'error', target: 'es2022' },
    alias: major === '18' ? { react: 'react-18', 'react-dom': 'react-dom-18' } : {},
    define: { 'process.env.NODE_ENV': '"development"' },
  }
  const entry = (name: string) => ({ entryPoints: [pathOf(`e2e/server-rendering/${name}.ts`)] })
  const { outputFiles } = await build({
    ...{ ...options, ...entry('client'), format: 'esm', write: false },
  })
  const outfile = pathOf(`.cache/server-rendering/react-${major}.cjs`)
  await build({ ...options, ...entry('server'), format: 'cjs', platform: 'node', outfile })
  const server: { default: Server } = await import(outfile)
  expect(server.default.version).toMatch(new RegExp(`^${major}\\.`))
  return { script: outputFiles?.[0]?.text ?? '', stream: server.default.stream }
}

/** Streams the page. The late part comes when the story lets it. */
async function serveStream(major: '18' | '19', authority: () => string) {
  const { script, stream } = await bundle(major)
  const lateParts: (() => void)[] = []
  const errors: unknown[] = []
  function respond(url: string | undefined, response: ServerResponse) {
    const isScript = url === '/client.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    if (isScript) return response.end(script)
    const arrives = new Promise<void>((resolve) => lateParts.push(resolve))
    response.write(`<!doctype html><html data-authority="${authority()}"><title>Page</title>`)
    response.write('<link rel="icon" href="data:,"><div id="root">')
    // A page that is left ends its stream.
    stream(response, arrives, (error) => void (/closed/.test(`${error}`) || errors.push(error)))
  }
  const server = createServer((request, response) => void respond(request.url, response))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, errors, sendsLatePart: () => lateParts.splice(0).map((send) => send()), close }
}

function reportsOf(tab: Page): string[] {
  const reported: string[] = []
  tab.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) reported.push(message.text())
  })
  tab.on('pageerror', (error) => reported.push(`${error}`))
  return reported
}

const signIn = (tab: Page) =>
  tab
    .evaluate(async () => {
      const { auth } = window as unknown as { auth: Promise<import('@carnet/browser').AuthClient> }
      await (await auth).signIn()
    })
    .catch(() => undefined) // The page is left.

for (const major of ['18', '19'] as const)
  test(`A streamed page of React ${major} hydrates without a warning, and the session follows`, async ({
    page: tab,
  }) => {
    let authority = ''
    const served = await serveStream(major, () => authority)
    const redirectUris = [served.url]
    const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris }] })
    authority = idp.issuer
    await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    const reported = reportsOf(tab)
    const main = tab.locator('main')

    /** The shell has the session while the late part is still missing. */
    async function hydratesAs(who: string, query = '') {
      await tab.goto(served.url + query, { waitUntil: 'commit' })
      await expect(main).toContainText(who)
      await expect(main).toContainText('waits')
      served.sendsLatePart()
      await expect(main.locator('section')).toContainText(who)
      expect(await tab.evaluate('window.recovered')).toEqual([])
      await tab.waitForLoadState()
    }
    await hydratesAs('signedOut nobody')
    await signIn(tab)
    await expect(main).toContainText('signedIn alice')
    served.sendsLatePart()
    await hydratesAs('signedIn alice@example.com')
    await hydratesAs('signedIn alice@example.com', '?started')
    expect(served.errors).toEqual([])
    expect(reported).toEqual([])
    served.close()
    await idp.close()
  })
