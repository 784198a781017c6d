import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { publint } from 'publint'
import { preview } from 'vite'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { bundlers, writeApp } from './bundlers.ts'
import {
  emptyFolder,
  installInto,
  packAll,
  publishedPackages,
  repository,
  run,
  type Tarball,
} from './pack.ts'

/** Scripts for a tag or a worker have no types. The packages are ESM only, so that a failing `require` is no fault. */
const ATTW = [
  '--profile=esm-only',
  '--format=ascii',
  '--exclude-entrypoints',
  './carnet.min.js',
  './carnet.worker.min.js',
  './carnet.service-worker.min.js',
  './msal.min.js',
  './msal-redirect-bridge.min.js',
]

test.describe.configure({ mode: 'default' })

let byNpm: Tarball[]
let byPnpm: Tarball[]
let app: string

test.beforeAll(async () => {
  byNpm = await packAll('npm')
  byPnpm = await packAll('pnpm')
  // The guards of Vue Router are an entry of their own, so the router is an optional peer.
  app = await installInto(emptyFolder(), byNpm, ['@angular/compiler', 'vue-router'])
  linkSvelteKit()
})

/** An installation of SvelteKit would bring Vite and its compilers, which no story here needs. */
function linkSvelteKit(): void {
  const kit = 'node_modules/@sveltejs/kit'
  mkdirSync(dirname(join(app, kit)), { recursive: true })
  symlinkSync(realpathSync(join(repository, kit)), join(app, kit), 'junction')
}

test.afterAll(() => {
  for (const folder of [app, ...[...byNpm, ...byPnpm].map(({ file }) => dirname(file))])
    rmSync(folder, { recursive: true, force: true })
})

for (const packer of ['npm', 'pnpm'] as const) {
  test(`A release with ${packer} pack holds a licence, published ranges and no test fakes`, () => {
    const tarballs = packer === 'npm' ? byNpm : byPnpm
    expect(tarballs).toHaveLength(publishedPackages().length)
    for (const { name, manifest, files } of tarballs) {
      const { license, repository: source, homepage, bugs, keywords } = manifest
      expect({ license, source, homepage, bugs, keywords }, name).toEqual({
        license: 'MIT',
        source: expect.objectContaining({ type: 'git' }),
        homepage: expect.stringMatching(/^https:/),
        bugs: expect.anything(),
        keywords: expect.arrayContaining([expect.any(String)]),
      })
      expect(files, name).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
      expect(
        files.filter((file) => /\.test\.|\.fuzz\.|fake|faceless|tsbuildinfo/.test(file)),
        name,
      ).toEqual([])
      expect(manifest.exports, name).toHaveProperty(['./package.json'])
      expect(JSON.stringify(manifest), name).not.toContain('workspace:')
      const ranges = Object.values({ ...manifest.dependencies, ...manifest.peerDependencies })
      expect(
        ranges.filter((range) => !/^(\^|>=)\d/.test(range)),
        name,
      ).toEqual([])
    }
  })
}

test('The browser packages demand no version of Node', () => {
  const demanding = byNpm.filter(({ manifest }) => manifest.engines?.node !== undefined)
  expect(demanding.map(({ name }) => name)).not.toContain('@carnet/browser')
  expect(demanding.map(({ name }) => name)).not.toContain('@carnet/core')
})

test('The types of every entry resolve for every kind of import', async () => {
  // The program fails if it finds a problem.
  const attw = join(repository, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  await Promise.all(byNpm.map(({ file }) => run(process.execPath, [attw, file, ...ATTW], app)))
})

test('publint finds no problem in the published packages', async () => {
  for (const { file, name } of byNpm) {
    const { messages } = await publint({
      pack: { tarball: new Uint8Array(readFileSync(file)).buffer },
      strict: true,
    })
    expect(messages, name).toEqual([])
  }
})

const APP = `import { type AuthClient, AuthError, createAuthClient } from '@carnet/browser'
import { createInlineWorker } from '@carnet/browser/inline-worker'
import { seedSession } from '@carnet/browser/testing'
import { InteractionRequiredAuthError, PublicClientApplication } from '@carnet/msal'
import { broadcastResponseToMainFrame } from '@carnet/msal/redirect-bridge'
import { runPopupRelay } from '@carnet/msal/popup-relay'
import { UserManager } from '@carnet/oidc-client'
import { seedSession as seedPage } from '@carnet/browser/testing/playwright'
import { ScopeSet } from '@carnet/core/scopes'
import { recordStoreContract } from '@carnet/core/testing'

export const client: Promise<AuthClient> = createAuthClient({
  clientId: 'spa',
  authority: 'https://login.example.com',
  tokens: 'worker',
  tokenWorker: createInlineWorker,
})
export const isOurs = (error: unknown): error is AuthError => error instanceof AuthError
export const scopes: ScopeSet = ScopeSet.parse('openid')
export const msal = new PublicClientApplication({ auth: { clientId: 'spa' } })
export const asksUser = (error: unknown) => error instanceof InteractionRequiredAuthError
const settings = { authority: 'https://login.example.com', client_id: 'spa', redirect_uri: '/' }
export const manager = new UserManager(settings)
export { broadcastResponseToMainFrame, runPopupRelay }
export { seedPage, seedSession, recordStoreContract }
// @ts-expect-error A client needs an authority.
createAuthClient({ clientId: 'spa' })
`

for (const moduleResolution of ['bundler', 'node16'] as const) {
  test(`A fresh app compiles with the module resolution "${moduleResolution}"`, async () => {
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    const file = `${moduleResolution}.ts`
    writeFileSync(join(app, file), APP)
    const module = moduleResolution === 'bundler' ? 'esnext' : 'node16'
    const language = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom']
    const modules = ['--module', module, '--moduleResolution', moduleResolution]
    expect(await run(process.execPath, [tsc, ...language, ...modules, file], app)).toBe('')
  })
}

const SERVICE = `import { type AuthenticationResult, clientSecret, createConfidentialClient, keyring } from '@carnet/node'
import { blobStore } from '@carnet/node/blob'
import { fileStore } from '@carnet/node/file'
import { toListener } from '@carnet/node/http'
import { createBff } from '@carnet/node/session'
import { type RedisClient, redisStore } from '@carnet/node/redis'
import { acquireTokenByIntegratedWindowsAuth, type Negotiate } from '@carnet/node/windows'

export async function token(client: RedisClient): Promise<AuthenticationResult> {
  const app = await createConfidentialClient({
    clientId: 'job',
    authority: 'https://login.example.com',
    credential: clientSecret('secret'),
    cache: { store: redisStore(client), keys: keyring(process.env.KEYS) },
  })
  return app.acquireTokenForApp({ scopes: ['read'] })
}
export const negotiate: Negotiate = async (spn) => spn
export { acquireTokenByIntegratedWindowsAuth, blobStore, createBff, fileStore, toListener }
// @ts-expect-error A confidential client needs a credential.
createConfidentialClient({ clientId: 'job', authority: 'https://login.example.com' })
`

test('A fresh service compiles', async () => {
  const tsc = join(repository, 'node_modules/typescript/bin/tsc')
  writeFileSync(join(app, 'service.ts'), SERVICE)
  const language = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023']
  const types = ['--typeRoots', join(repository, 'node_modules/@types'), '--types', 'node']
  const modules = ['--module', 'node16', '--moduleResolution', 'node16']
  const args = [tsc, ...language, ...types, ...modules, 'service.ts']
  expect(await run(process.execPath, args, app)).toBe('')
})

test('A fresh service has no package but those of Carnet and oauth4webapi', () => {
  const { manifest } = byNpm.find(({ name }) => name === '@carnet/node') ?? {}
  expect(Object.keys(manifest?.dependencies ?? {})).toEqual(['@carnet/core'])
})

/** Signs in with a Kerberos ticket, in a service without the package `kerberos`, and prints the code of the error. */
const WITHOUT_KERBEROS = `
import { startEntraProvider } from '@carnet/idp'
import { createPublicClient } from '@carnet/node'
import { acquireTokenByIntegratedWindowsAuth } from '@carnet/node/windows'
const accept = () => Promise.reject(new Error('No token is accepted here.'))
const idp = await startEntraProvider({ federation: { realm: 'EXAMPLE', accept } })
const authority = idp.authority('organizations')
const app = await createPublicClient({ clientId: 'tool', authority, authorityProfile: 'entra' })
const request = { username: 'alice@contoso.example', scopes: ['User.Read'] }
await acquireTokenByIntegratedWindowsAuth(app, request).catch(({ code, message }) => console.log(code, message))
await idp.close()
`

test('An optional package that is missing is a typed error at its first use', async () => {
  const args = ['--input-type=module', '-e', WITHOUT_KERBEROS]
  expect(await run(process.execPath, args, app)).toBe(
    'kerberos_unavailable The package `kerberos` cannot be loaded.\n',
  )
})

/** Imports each entry of its arguments, and prints the entries that read a browser's global or change any global. */
const IMPORT_ALL = `
// The frameworks look for a browser at their import; the bindings must not.
const angular = ['compiler', 'common/http', 'router'].map((name) => '@angular/' + name)
const others = ['@sveltejs/kit', 'solid-js/web', 'svelte/reactivity', 'svelte/store', 'vue', 'vue-router']
for (const peer of [...angular, ...others]) await import(peer)
const browser = ['window', 'document', 'location', 'history', 'localStorage', 'sessionStorage', 'indexedDB', 'self']
let touched = []
for (const name of browser) {
  const get = () => void touched.push('reads ' + name)
  const set = () => void touched.push('writes ' + name)
  Object.defineProperty(globalThis, name, { configurable: true, enumerable: false, get, set })
}
// Node creates some of its globals when they are read, so that each is read here.
const globals = () =>
  new Map(Reflect.ownKeys(globalThis).filter((key) => !browser.includes(key)).map((key) => [key, globalThis[key]]))
globals()
for (const entry of process.argv.slice(1)) {
  const before = globals()
  await import(entry)
  const after = globals()
  for (const key of new Set([...before.keys(), ...after.keys()]))
    if (!Object.is(before.get(key), after.get(key))) touched.push('changes ' + String(key))
  if (touched.length > 0) console.log(entry + ' ' + touched.join())
  touched = []
}
`

test('Node imports every entry, and no import touches a global', async () => {
  const entries = byNpm
    .flatMap(({ name, manifest }) =>
      Object.entries(manifest.exports ?? {}).flatMap(([path, target]) =>
        // The compiler of Svelte reads the components as sources.
        Object.hasOwn(Object(target), 'svelte') ? [] : name + path.slice(1),
      ),
    )
    .filter((entry) => !/\.json$/.test(entry))
  expect(entries).toContain('@carnet/browser')
  const args = ['--input-type=module', '-e', IMPORT_ALL, ...entries]
  // The scripts of pages do nothing if there is no page.
  expect(await run(process.execPath, args, app)).toBe(
    ['browser/callback', 'browser/carnet.min.js', 'msal/msal.min.js']
      .map((script) => `@carnet/${script} reads document\n`)
      .join(''),
  )
})

test.describe('A fresh app signs in and renews in its worker, built with', () => {
  let idp: IdentityProvider
  let server: Awaited<ReturnType<typeof preview>>
  let url: string

  test.beforeAll(async () => {
    server = await preview({
      root: app,
      configFile: false,
      logLevel: 'error',
      build: { outDir: 'built' },
      preview: { host: 'localhost', port: 0 },
    })
    url = server.resolvedUrls?.local[0] ?? ''
    idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris: [url] }] })
  })

  test.afterAll(async () => {
    await Promise.all([server.close(), idp.close()])
  })

  for (const bundler of bundlers) {
    test(bundler.name, async ({ page }) => {
      rmSync(join(app, 'built'), { recursive: true, force: true })
      writeApp(app, idp.issuer, bundler)
      await bundler.build(app)
      await idp.control.reset()
      await page.goto(url)
      await expect(page.locator('output')).toHaveText('signed out')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await signInAtProvider(page, 'Alice Adams')
      await allowAtProvider(page)
      await expect(page.locator('output')).toHaveText('renewed for alice@example.com')
      const session = await page.context().browser()?.newBrowserCDPSession()
      const { targetInfos = [] } = (await session?.send('Target.getTargets')) ?? {}
      const shared = targetInfos.filter(
        ({ type, url: at }) => type === 'shared_worker' && at.startsWith(url),
      )
      expect(shared).toHaveLength(1)
    })
  }
})
