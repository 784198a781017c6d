import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { build, preview } from 'vite'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { type FrameworkApp, frameworkApps } from './framework-apps.ts'
import { emptyFolder, installInto, packAll, repository, run, type Tarball } from './pack.ts'

test.describe.configure({ mode: 'default' })

let tarballs: Tarball[]
let app: string

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'vue', 'svelte', 'solid'])
  app = await installInto(emptyFolder(), tarballs, ['vue-router'])
})

test.afterAll(() => {
  for (const folder of [app, ...tarballs.map(({ file }) => dirname(file))])
    rmSync(folder, { recursive: true, force: true })
})

const PAGE = (entry: string) =>
  `<!doctype html><title>A fresh app</title><body><script type="module" src="/${entry}"></script></body>`

/** Builds the app in production mode, as a user of the framework does. */
async function buildApp(root: string, { plugin, files }: FrameworkApp): Promise<void> {
  mkdirSync(root)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  writeFileSync(join(root, 'index.html'), PAGE(Object.keys(files)[0] ?? ''))
  const mode = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  await build({ configFile: false, logLevel: 'error', root, plugins: [plugin()] })
  process.env.NODE_ENV = mode
}

for (const name of Object.keys(frameworkApps(''))) {
  test(`A fresh app of ${name} signs in`, async ({ page }) => {
    const root = join(app, name)
    const idp = await startIdentityProvider()
    const files = frameworkApps(idp.issuer)[name]
    if (!files) throw new Error(`There is no app of ${name}.`)
    await buildApp(root, files)
    const server = await preview({
      root,
      configFile: false,
      logLevel: 'error',
      preview: { host: 'localhost', port: 0 },
    })
    const url = server.resolvedUrls?.local[0] ?? ''
    await idp.control.addClient({ clientId: 'spa', redirectUris: [url] })
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await signInAtProvider(page, 'Alice Adams')
    await allowAtProvider(page)
    await expect(page.getByText('Hello alice@example.com')).toBeVisible()
    await Promise.all([server.close(), idp.close()])
  })
}

const TYPES = `import { createAuthClient } from '@carnet/browser'
import { AuthProvider, useToken as useSolidToken } from '@carnet/solid'
import { provideAuth, useAuth } from '@carnet/svelte'
import { SignedIn } from '@carnet/svelte/components'
import { accountLoad } from '@carnet/svelte/kit'
import { authStore } from '@carnet/svelte/store'
import { createCarnet, useToken } from '@carnet/vue'
import { accountGuard } from '@carnet/vue/router'

const auth = createAuthClient({ clientId: 'spa', authority: 'https://login.example.com' })
export const plugin = createCarnet(auth)
export const guard = accountGuard(auth, { interaction: 'none' })
export const load = accountLoad(auth, { to: null })
export const store = authStore(auth)
export const expiry = (): Date | undefined => useToken({ scopes: ['a'] }).token.value?.expiresOn
export const solid = (): string | undefined => useSolidToken(() => ({ scopes: ['a'] }))()?.tokenType
export { AuthProvider, provideAuth, SignedIn, useAuth }
// @ts-expect-error The options of a client are no client.
createCarnet({ clientId: 'spa' })
`

for (const moduleResolution of ['bundler', 'node16'] as const) {
  test(`The types of the bindings compile with the module resolution "${moduleResolution}"`, async () => {
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    const file = `bindings-${moduleResolution}.ts`
    writeFileSync(join(app, file), TYPES)
    const module = moduleResolution === 'bundler' ? 'esnext' : 'node16'
    const language = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom']
    // The types of Vue name the types of its build tools, which an app with another tool does not have.
    const modules = ['--module', module, '--moduleResolution', moduleResolution, '--skipLibCheck']
    expect(await run(process.execPath, [tsc, ...language, ...modules, file], app)).toBe('')
  })
}
