import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acceptKerberos, type EntraProvider, startEntraProvider } from '@carnet/idp'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumOptions } from '../../scripts/browser.mjs'
import { type Kdc, REALM, startKdc } from '../../scripts/kerberos.mjs'

const CLIENT = 'spa'
let kdc: Kdc
let idp: EntraProvider
let app: string
let close: () => void

/** Bundles the page with the library from its source, as `npm run start` does. */
async function bundledPage(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    write: false,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: '/',
    conditions: ['@carnet/source'],
    logLevel: 'error',
  })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}

beforeAll(async () => {
  const files = await bundledPage()
  const server = createServer(({ url = '/' }, response) => {
    const [path = '/'] = url.split('?')
    const script = files.get(path)
    const page = '<!doctype html><script type="module" src="/page.js"></script>'
    response
      .writeHead(200, { 'content-type': script === undefined ? 'text/html' : 'text/javascript' })
      .end(script ?? page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  app = `http://localhost:${(server.address() as AddressInfo).port}/`
  close = () => server.close()
  kdc = await startKdc({ users: ['alice'], services: ['HTTP/127.0.0.1'] })
  Object.assign(process.env, kdc.env)
  idp = await startEntraProvider({
    settings: { consent: 'skip' },
    clients: [{ clientId: CLIENT, redirectUris: [app] }],
    federation: { realm: REALM, accept: acceptKerberos() },
  })
})
afterAll(async () => {
  close?.()
  await idp?.close()
  await kdc?.stop()
})

/** Opens the page in a browser whose user has the tickets, and signs the user in. */
async function signInBy(tickets: string | undefined, allowed: string, domainHint: string) {
  const folder = mkdtempSync(join(tmpdir(), 'carnet-profile-'))
  const { args = [], ...options } = chromiumOptions()
  // Private windows send no tickets, so the browser needs a profile.
  const browser = await chromium.launchPersistentContext(folder, {
    ...options,
    args: [...args, `--auth-server-allowlist=${allowed}`],
    env: { ...process.env, ...kdc.env, ...(tickets && { KRB5CCNAME: tickets }) } as Record<
      string,
      string
    >,
  })
  try {
    const page = await browser.newPage()
    const parameters = new URLSearchParams({ client: CLIENT, authority: idp.authority('home') })
    await page.goto(`${app}?${parameters}`)
    await page.waitForFunction(() => window.signInSilently !== undefined)
    return await page.evaluate((hint) => window.signInSilently?.(hint), domainHint)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the ticket of the user signs in without a prompt, through `ssoSilent` with `domainHint`', async () => {
  const tickets = kdc.signIn('alice')
  expect(await signInBy(tickets, '127.0.0.1', 'contoso.example')).toBe('alice@contoso.example')
})

test('without a ticket, a policy or a federated domain, the user must sign in', async () => {
  const tickets = kdc.signIn('alice')
  const outcomes = [
    await signInBy(undefined, '127.0.0.1', 'contoso.example'),
    await signInBy(tickets, 'other.example', 'contoso.example'),
    await signInBy(tickets, '127.0.0.1', 'fabrikam.example'),
  ]
  expect(outcomes).toEqual(['interaction_required', 'interaction_required', 'interaction_required'])
})
