import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { signInAtProvider } from '../steps/provider-pages.ts'
import { serve } from '../world.ts'
import { emptyFolder, packAll, repository, run, type Tarball } from './pack.ts'

/** The last versions of Svelte 4 and of its tools. */
const OF_SVELTE_4 = ['svelte@4.2.20', '@sveltejs/vite-plugin-svelte@3.1.2', 'vite@5.4.21']

let tarballs: Tarball[]
let folder: string

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'svelte'])
  folder = emptyFolder()
  const packages = [...tarballs.map(({ file }) => file), ...OF_SVELTE_4]
  // The registry of the other stories has only the versions of this repository.
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], folder)
})

test.afterAll(() => {
  for (const path of [folder, dirname(tarballs[0]?.file ?? '')])
    rmSync(path, { recursive: true, force: true })
})

/** The component of the README that uses the stores. */
function componentOfReadme(authority: string): string {
  const readme = readFileSync(join(repository, 'packages/svelte/README.md'), 'utf8')
  const codes = [...readme.matchAll(/^```svelte\n(.*?)^```$/gms)].map(([, code]) => code ?? '')
  const code = codes.find((one) => one.includes('@carnet/svelte/store')) ?? ''
  return code.replace('https://login.example.com', authority)
}

const FILES = (authority: string): Readonly<Record<string, string>> => ({
  'index.html':
    '<!doctype html><title>Svelte 4</title><link rel="icon" href="data:," /><body><script type="module" src="/main.js"></script></body>',
  'main.js': `import App from './App.svelte'\nnew App({ target: document.body })\n`,
  'App.svelte': componentOfReadme(authority),
  'vite.config.mjs': `import { svelte } from '@sveltejs/vite-plugin-svelte'\nexport default { plugins: [svelte()] }\n`,
})

test('A fresh app of Svelte 4 shows the account and a token by stores, and follows another tab', async ({
  context,
  page,
}) => {
  const problems: string[] = []
  context.on('weberror', (error) => problems.push(`${error.error()}`))
  context.on('console', (message) => {
    const isOfBrowser = message.text().startsWith('An iframe which has both allow-scripts')
    if (['warning', 'error'].includes(message.type()) && !isOfBrowser) problems.push(message.text())
  })
  const served = await serve(folder, () => '')
  const idp = await startIdentityProvider({
    clients: [{ clientId: 'spa', redirectUris: [served.url] }],
  })
  await idp.control.changeSettings({ consent: 'skip' })
  for (const [name, text] of Object.entries(FILES(idp.issuer)))
    writeFileSync(join(folder, name), text)
  await run(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], folder)

  await page.goto(served.url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await expect(page.getByText('Hello alice@example.com')).toBeVisible()
  await expect(page.getByText(/Token until 2/)).toBeVisible()
  const tab = await context.newPage()
  await tab.goto(served.url)
  await expect(tab.getByText('Hello alice@example.com')).toBeVisible()
  await tab.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByText(/Token until/)).toHaveCount(0)
  expect(problems).toEqual([])
  await Promise.all([served.close(), idp.close()])
})
