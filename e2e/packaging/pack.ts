import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startRegistry } from './registry.ts'

export const repository = fileURLToPath(new URL('../../', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly repository?: unknown
  readonly homepage?: string
  readonly bugs?: unknown
  readonly keywords?: readonly string[]
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
}

export interface Tarball {
  readonly name: string
  /** The path of the `.tgz` file. */
  readonly file: string
  readonly manifest: Manifest
  /** Paths within the package, without the `package/` prefix. */
  readonly files: readonly string[]
}

const execute = promisify(execFile)

/** Runs a program, and returns its output. The error of a program that fails holds its output, too. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return execute(command, args, {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  }).then(
    ({ stdout }) => stdout,
    (error: Error & { stdout: string }) => {
      error.message += `\n${error.stdout}`
      throw error
    },
  )
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** The folders of the packages that are published. */
export const publishedPackages = (): string[] =>
  readdirSync(join(repository, 'packages'))
    .map((name) => join(repository, 'packages', name))
    .filter((folder) => readManifest(folder).private !== true)

/** Creates an empty folder outside of the repository: nothing there resolves to the workspace. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'carnet-packaging-'))

/**
 * Packs published packages with the given tool, as a release would.
 *
 * @param names The names of their folders. Default: all.
 */
export async function packAll(
  packer: 'npm' | 'pnpm',
  names?: readonly string[],
): Promise<Tarball[]> {
  const folder = emptyFolder()
  const target = ['--pack-destination', folder]
  const packages = publishedPackages().filter((path) => names?.includes(basename(path)) ?? true)
  if (packer === 'npm') await run('npm', ['pack', ...packages, ...target], repository)
  else {
    // A filter by an absolute path matches nothing here, and pnpm reports no error.
    const filters = packages.map((path) => `--filter=${readManifest(path).name}`)
    await run('npx', ['--yes', `pnpm@${pnpmVersion()}`, ...filters, 'pack', ...target], repository)
  }
  return Promise.all(readdirSync(folder).map((name) => read(join(folder, name))))
}

const pnpmVersion = (): string =>
  JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).config.pnpm

async function read(file: string): Promise<Tarball> {
  const list = await run('tar', ['-tzf', file], repository)
  const manifest: Manifest = JSON.parse(
    await run('tar', ['-xzOf', file, 'package/package.json'], repository),
  )
  const files = list
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => path.replace(/^package\//, ''))
  return { name: manifest.name, file, manifest, files }
}

/**
 * Installs tarballs into an empty folder with npm, as an app would, and returns the folder.
 *
 * @param others Other packages with their versions, for example `rxjs@7.8.2`.
 */
export async function installInto(
  folder: string,
  tarballs: readonly Tarball[],
  others: readonly string[] = [],
): Promise<string> {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'fresh-app',
      private: true,
      type: 'module',
      // Parcel ignores the `exports` of a package unless the app says so.
      '@parcel/resolver-default': { packageExports: true },
    }),
  )
  const registry = await startRegistry(repository)
  const files = tarballs.map(({ file }) => file)
  const flags = ['--no-audit', '--no-fund', `--registry=${registry.url}`, '--noproxy=127.0.0.1']
  // The cache of the user would keep each port of the registry.
  flags.push(`--cache=${join(folder, '.npm')}`)
  await run('npm', ['install', ...flags, ...files, ...others], folder)
  await registry.close()
  return folder
}
