import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { lazy } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { LatePart, page } from '../../server-rendering/page.ts'

/** Bundles the code of the page, with the checks of development. */
async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../server-rendering/client.ts', import.meta.url))],
    ...{ bundle: true, write: false, logLevel: 'error', format: 'esm', target: 'es2022' },
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return outputFiles[0]?.text ?? ''
}

/** Streams the page. The late part comes when the story lets it. */
async function serveStream(authority: () => string) {
  const script = await bundleClient()
  const lateParts: (() => void)[] = []
  const errors: unknown[] = []
  const server = createServer((request, response) => {
    const isScript = request.url === '/client.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    if (isScript) return response.end(script)
    const arrives = new Promise<void>((resolve) => lateParts.push(resolve))
    const Late = lazy(async () => {
      await arrives
      return { default: LatePart }
    })
    response.write(`<!doctype html><html data-authority="${authority()}"><title>Page</title>`)
    response.write('<link rel="icon" href="data:,"><div id="root">')
    const { pipe } = renderToPipeableStream(page(undefined, Late), {
      bootstrapModules: ['/client.js'],
      // A page that is left ends its stream.
      onError: (error) => void (/closed early/.test(`${error}`) || errors.push(error)),
      onShellReady: () => pipe(response),
    })
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, errors, sendsLatePart: () => lateParts.splice(0).map((send) => send()), close }
}

test('A streamed page hydrates without a warning, and the session follows', async ({
  page: tab,
}) => {
  let authority = ''
  const served = await serveStream(() => authority)
  const redirectUris = [served.url]
  const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris }] })
  authority = idp.issuer
  await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  const reported: string[] = []
  tab.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) reported.push(message.text())
  })
  tab.on('pageerror', (error) => reported.push(`${error}`))

  const main = tab.locator('main')
  const recovered = () =>
    tab.evaluate(() => (window as unknown as { recovered: string[] }).recovered)
  for (const who of ['signedOut nobody', 'signedIn alice@example.com']) {
    await tab.goto(served.url, { waitUntil: 'commit' })
    // The shell has the session while the late part is still missing.
    await expect(main).toContainText(who)
    await expect(main).toContainText('waits')
    served.sendsLatePart()
    await expect(main.locator('section')).toContainText(who)
    expect(await recovered()).toEqual([])
    if (who.startsWith('signedIn')) break
    await tab.waitForLoadState()
    await tab
      .evaluate(async () => {
        const { auth } = window as unknown as {
          auth: Promise<import('@carnet/browser').AuthClient>
        }
        await (await auth).signIn()
      })
      .catch(() => undefined) // The page is left.
    await expect(main).toContainText('signedIn alice')
    served.sendsLatePart()
  }
  expect(served.errors).toEqual([])
  expect(reported).toEqual([])
  served.close()
  await idp.close()
})
