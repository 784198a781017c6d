import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startIdentityProvider } from '@carnet/idp'
import { expect, test } from '@playwright/test'
import { freePort } from '../../scripts/free-port.mjs'
import { emptyFolder, packAll, repository, run, type Tarball } from '../packaging/pack.ts'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'

/** The frameworks that render on a server, with the variable of the authority. */
const APPS = {
  nuxt: { needs: ['browser', 'core', 'vue'], authority: 'NUXT_PUBLIC_AUTHORITY' },
  sveltekit: { needs: ['browser', 'core', 'svelte'], authority: 'PUBLIC_AUTHORITY' },
} as const

/** The packages of the frameworks that read globals of browsers on a server. */
const OF_FRAMEWORKS = /node_modules\/(esm-env|@vue\/runtime-dom|hookable|vue-router)\//

/** SvelteKit logs the error of a load in advance. */
const OF_PRELOAD = /^InteractionRequiredError/

let tarballs: Tarball[]

test.beforeAll(async () => {
  tarballs = await packAll('npm', ['core', 'browser', 'vue', 'svelte'])
})

test.afterAll(() => {
  for (const { file } of tarballs) rmSync(dirname(file), { recursive: true, force: true })
})

/** Installs and builds an example app in an empty folder, as its user does. */
async function buildApp(name: keyof typeof APPS): Promise<string> {
  const folder = emptyFolder()
  cpSync(join(repository, 'examples', `${name}-app`), folder, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  })
  const needed = APPS[name].needs.map((one) => `@carnet/${one}`)
  const files = tarballs.filter((one) => needed.includes(one.name)).map(({ file }) => file)
  await run('npm', ['install', '--no-audit', '--no-fund', ...files], folder)
  await run('npm', ['run', 'build'], folder)
  return folder
}

async function start(folder: string, env: Record<string, string>): Promise<ChildProcess> {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const [, entry = ''] = scripts.start.split(' ')
  const probe = join(repository, 'e2e/servers/no-browser.mjs')
  const server = spawn(process.execPath, ['--import', probe, entry], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  await expect
    .poll(
      () =>
        fetch(env.ORIGIN ?? '').then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBe(200)
  return server
}

for (const name of Object.keys(APPS) as (keyof typeof APPS)[]) {
  test(`An app of ${name} builds, starts signed out, and reads no global of browsers on its server`, async ({
    page,
  }) => {
    const folder = await buildApp(name)
    const port = await freePort()
    const url = `http://localhost:${port}/`
    const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris: [url] }] })
    const reads = join(folder, 'reads.txt')
    writeFileSync(reads, '')
    const env = { PORT: `${port}`, HOST: 'localhost', ORIGIN: url.slice(0, -1), READS_FILE: reads }
    const server = await start(folder, { ...env, [APPS[name].authority]: idp.issuer })

    const html = await (await fetch(`${url}profile`)).text()
    expect(html).toContain('Loading')
    // Packages of the frameworks ask whether there is a `window`.
    const readers = readFileSync(reads, 'utf8').split('\n').filter(Boolean)
    expect(readers.filter((reader) => !OF_FRAMEWORKS.test(reader))).toEqual([])

    const reported: string[] = []
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type()) && !OF_PRELOAD.test(message.text()))
        reported.push(message.text())
    })
    page.on('pageerror', (error) => reported.push(`${error}`))
    await page.goto(url)
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    // A load in advance starts no sign-in.
    await page.getByRole('link', { name: 'Profile' }).hover()
    await expect(page.getByText('Loading')).toBeHidden()
    await page.getByRole('link', { name: 'Profile' }).click()
    await signInAtProvider(page, 'Alice Adams')
    await allowAtProvider(page)
    await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
    expect(page.url()).toBe(`${url}profile`)
    await page.reload()
    await expect(page.getByText('Profile of alice@example.com')).toBeVisible()
    expect(reported).toEqual([])
    server.kill()
    await idp.close()
    rmSync(folder, { recursive: true, force: true })
  })
}
