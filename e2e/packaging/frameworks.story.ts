import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { type BrowserContext, expect, test } from '@playwright/test'
import { build, preview } from 'vite'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { type FrameworkApp, frameworkApps } from './framework-apps.ts'
import { emptyFolder, installInto, packAll, repository, run, type Tarball } from './pack.ts'

test.describe.configure({ mode: 'default' })

let tarballs: Tarball[]
/** The installed packages with React 19. */
let app: string
/** The same for the app of React 18. */
let older: string

const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
/** A package in the version of the repository. */
const usual = (name: string) => `${name}@${devDependencies[name].replace(/^npm:.*@/, '')}`

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'react', 'vue', 'svelte', 'solid'])
  const types = ['react', 'react-dom'].map((name) => usual(`@types/${name}`))
  const react = [usual('react'), usual('react-dom'), usual('react-router')]
  app = await installInto(emptyFolder(), tarballs, [usual('vue-router'), ...react, ...types])
  const forReact = tarballs.filter(({ name }) => /core|browser|react/.test(name))
  const eighteen = [usual('react-18'), usual('react-dom-18')].map((id) => id.replace('-18@', '@'))
  older = await installInto(emptyFolder(), forReact, [...eighteen, ...react.slice(2), ...types])
})

test.afterAll(() => {
  for (const folder of [app, older, ...tarballs.map(({ file }) => dirname(file))])
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

/** Another user opens a deep link to a guarded page. */
async function opensGuardedPage(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(url).catch(() => undefined) // The guard may leave the page while it loads.
  await signInAtProvider(page, 'Bob Brown')
  await allowAtProvider(page)
  await expect(page.getByText('Hello bob@example.com')).toBeVisible()
  expect(page.url()).toBe(url)
  await context.close()
}

for (const name of Object.keys(frameworkApps(''))) {
  test(`A fresh app of ${name} signs in`, async ({ page, browser }) => {
    const root = join(name === 'react-18' ? older : app, name)
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
    if (files.hasGuard) await opensGuardedPage(await browser.newContext(), `${url}guarded?x=1#part`)
    await Promise.all([server.close(), idp.close()])
  })
}

const TYPES = `import { createAuthClient } from '@carnet/browser'
import { useToken as useReactToken } from '@carnet/react'
import { useToken as useServerToken } from '@carnet/react/server'
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
export const react = (): string => useReactToken({ scopes: ['a'] }).accessToken
export const server = (): never => useServerToken()
export { AuthProvider, provideAuth, SignedIn, useAuth }
// @ts-expect-error The options of a client are no client.
createCarnet({ clientId: 'spa' })
`

/** Calls a hook of the entry for server components, and prints the message of its error. */
const SERVER_COMPONENT = `
import { SignedIn, useAuth } from '@carnet/react/server'
try { useAuth() } catch ({ message }) { console.log(typeof SignedIn, message) }
`

test('The entry for server components has a name, and its hooks explain themselves', async () => {
  const args = ['--input-type=module', '-e', SERVER_COMPONENT]
  expect(await run(process.execPath, args, app)).toMatch(
    /^function useAuth of @carnet\/react works in client/,
  )
})

/** Checks the types of a file strictly, as an app does. */
async function checkTypes(folder: string, file: string, module: 'bundler' | 'node16') {
  const tsc = join(repository, 'node_modules/typescript/bin/tsc')
  const language = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom']
  const jsx = ['--jsx', 'react-jsx']
  // The types of Vue name the types of its build tools, which an app with another tool does not have.
  const target = [
    '--module',
    module === 'bundler' ? 'esnext' : module,
    '--moduleResolution',
    module,
  ]
  const args = [tsc, ...language, ...jsx, ...target, '--skipLibCheck', file]
  expect(await run(process.execPath, args, folder)).toBe('')
}

for (const moduleResolution of ['bundler', 'node16'] as const) {
  test(`The types of the bindings compile with the module resolution "${moduleResolution}"`, async () => {
    const file = `bindings-${moduleResolution}.ts`
    writeFileSync(join(app, file), TYPES)
    await checkTypes(app, file, moduleResolution)
  })
}

test('The types of the app compile with React 19 and with React 18', async () => {
  for (const folder of [app, older]) {
    for (const [name, text] of Object.entries(frameworkApps('').react?.files ?? {}))
      writeFileSync(join(folder, name), text)
    await checkTypes(folder, 'main.tsx', 'bundler')
  }
})
