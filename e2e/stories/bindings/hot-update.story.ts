import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { createServer, loadConfigFromFile, mergeConfig } from 'vite'
import { authorityPlugin } from '../../../demo-app/authority-plugin.ts'
import { folderOfApp, folderOfExample } from '../../../scripts/binding-apps.mjs'

/** The file of the component that changes. */
const COMPONENTS = {
  react: 'pages.tsx',
  vue: 'App.vue',
  svelte: 'App.svelte',
  solid: 'pages.tsx',
} as const

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** Serves a copy of an app, with its example, because the story changes a file. */
async function serveCopy(name: keyof typeof COMPONENTS, authority: () => string) {
  const copy = join(repository, '.cache', `hot-${name}`)
  rmSync(copy, { recursive: true, force: true })
  const copyOf = (folder: string) => join(copy, relative(repository, folder))
  for (const folder of [folderOfExample(name), folderOfApp(name)])
    cpSync(folder, copyOf(folder), {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules)$/.test(path),
    })
  const env = { command: 'serve', mode: name } as const
  const config = join(repository, 'scripts/vite.binding-apps.ts')
  const loaded = await loadConfigFromFile(env, config)
  const server = await createServer(
    mergeConfig(loaded?.config ?? {}, {
      root: copyOf(folderOfApp(name)),
      configFile: false,
      mode: name,
      cacheDir: join(repository, '.cache', `hot-vite-${name}`),
      logLevel: 'error',
      plugins: [authorityPlugin(() => ({ authority: authority() }))],
      server: { host: 'localhost', port: 0 },
    }),
  )
  await server.listen()
  const file = join(copyOf(folderOfExample(name)), COMPONENTS[name])
  return { server, url: server.resolvedUrls?.local[0] ?? '', file }
}

for (const name of Object.keys(COMPONENTS) as (keyof typeof COMPONENTS)[]) {
  test(`${name}: a changed component keeps the session, and its listeners do not double`, {
    tag: '@thorough',
  }, async ({ page }) => {
    let authority = ''
    const { server, url, file } = await serveCopy(name, () => authority)
    const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris: [url] }] })
    authority = idp.issuer
    await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click({ timeout: 20_000 })
    await expect(page.getByText('Signed in as alice@example.com')).toBeVisible()
    await idp.control.resetStats()
    await page.evaluate(async () => {
      const auth = await (window as unknown as { auth: Promise<{ on: CallableFunction }> }).auth
      const on = auth.on.bind(auth)
      Object.assign(window, { listeners: 0 })
      const count = window as unknown as { listeners: number }
      auth.on = (...args: unknown[]) => {
        const stop = on(...args)
        count.listeners += 1
        return () => {
          count.listeners -= 1
          stop()
        }
      }
    })
    writeFileSync(file, readFileSync(file, 'utf8').replace('Sign out', 'Leave'))
    await expect(page.getByRole('button', { name: 'Leave' })).toBeVisible()
    await expect(page.getByText('Signed in as alice@example.com')).toBeVisible()
    // A reload of the page would have removed the counter.
    expect(
      await page.evaluate(() => (window as unknown as { listeners: number }).listeners),
    ).toBeLessThanOrEqual(0)
    const { counts } = await idp.control.stats()
    expect(Object.values(counts).filter((count) => count > 0)).toEqual([])
    await Promise.all([server.close(), idp.close()])
  })
}
