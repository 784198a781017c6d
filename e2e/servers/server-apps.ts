import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { emptyFolder, repository, run, type Tarball } from '../packaging/pack.ts'

/** The frameworks that render on a server, with the variable of the authority. */
export const APPS = {
  next: { needs: ['browser', 'core', 'react'], authority: 'NEXT_PUBLIC_AUTHORITY' },
  nuxt: { needs: ['browser', 'core', 'vue'], authority: 'NUXT_PUBLIC_AUTHORITY' },
  sveltekit: { needs: ['browser', 'core', 'svelte'], authority: 'PUBLIC_AUTHORITY' },
} as const

export type ServerApp = keyof typeof APPS

/** The packages of the frameworks that read globals of browsers on a server. They ask whether there is a `window`. */
const OF_FRAMEWORKS = /node_modules\/(esm-env|@vue\/runtime-dom|hookable|next|vue-router)\//

/** No framework reports to its maker. */
const QUIET = { NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1' }

/** Installs and builds an example app in an empty folder, as its user does, with further pages of the story. */
export async function buildApp(
  name: ServerApp,
  tarballs: readonly Tarball[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = emptyFolder()
  cpSync(join(repository, 'examples', `${name}-app`), folder, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.next|\.nuxt|\.output|\.svelte-kit|build)$/.test(path),
  })
  const pages = join(repository, 'e2e/servers', name)
  if (existsSync(pages)) cpSync(pages, join(folder, 'app'), { recursive: true })
  const needed = APPS[name].needs.map((one) => `@carnet/${one}`)
  const files = tarballs.filter((one) => needed.includes(one.name)).map(({ file }) => file)
  await run('npm', ['install', '--no-audit', '--no-fund', ...files], folder)
  await run('npm', ['run', 'build'], folder, { ...QUIET, ...env })
  return folder
}

export interface RunningServer {
  /** The places of our code and of the app that read a global of browsers. */
  readers(): string[]
  /** The output of the process. */
  log(): string
  close(): Promise<void>
}

/** Starts the server of a built app with a probe in it, and waits until it answers. */
export async function startServer(
  folder: string,
  url: URL,
  env: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const probe = join(repository, 'e2e/servers/no-browser.mjs')
  const reads = join(folder, 'reads.txt')
  writeFileSync(reads, '')
  const address = { PORT: url.port, HOST: url.hostname, HOSTNAME: url.hostname, ORIGIN: url.origin }
  const server = spawn(
    process.execPath,
    ['--import', probe, ...scripts.start.split(' ').slice(1)],
    {
      cwd: folder,
      env: { ...process.env, ...QUIET, ...env, ...address, READS_FILE: reads },
    },
  )
  let log = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (part) => {
      log += part
    })
  const status = () =>
    fetch(url).then(
      (answer) => answer.status,
      () => log,
    )
  await expect.poll(status, { timeout: 30_000 }).toBe(200)
  const all = () => readFileSync(reads, 'utf8').split('\n').filter(Boolean)
  return {
    readers: () => all().filter((reader) => !OF_FRAMEWORKS.test(reader)),
    log: () => log,
    close: () => ends(server),
  }
}

async function ends(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve))
  if (server.exitCode === null && server.kill()) await exit
}
