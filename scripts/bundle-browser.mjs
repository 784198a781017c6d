/**
 * Bundles `@carnet/browser`, with the modules of `@carnet/core`, into one file per part that loads by itself. Otherwise the bundler
 * of an app makes a file of each small module that several parts share, and a page loads twenty files instead of four.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { repository } from './run.mjs'

const browser = join(repository, 'packages/browser')
const core = join(repository, 'packages/core/src')

/** The parts in the order in which they load. A module belongs to the first part that needs it. */
const PARTS = {
  startup: 'startup/create-auth-client',
  engine: 'engine/engine',
  interactions: 'flows/interaction/create-flows',
}

/** Entries that run without the parts. */
const ALONE = { callback: 'callback', worker: 'token-worker' }

/** The public names beside `createAuthClient`. */
const NAMES = {
  scopes: `${core}/scopes/scope-builder`,
  errors: `${core}/errors/errors`,
  refusals: `${core}/errors/interaction-required`,
}

/** Parts that do not wait for the engine. */
const BEFORE_ENGINE = {
  checks: 'checks/checked-config',
  response: 'flows/response/receive',
  entra: `${core}/entra`,
}

/** Parts that load after the engine, without the interactions. */
const AFTER_ENGINE = { stores: 'storage/elsewhere', 'sign-out': 'flows/sign-out/open-sign-out' }

/** Files that other files name by their path. */
const BY_PATH = ['worker/default-worker', 'worker/worker-source']

/** The only modules that a page may load before its first token. */
const FIRST = /^packages\/(browser\/src\/(startup\/|index\.ts)|core\/src\/)/

const pathOf = (entry) => join(entry.startsWith('/') ? '' : `${browser}/src`, `${entry}.ts`)

const publicEntries = Object.values(
  JSON.parse(readFileSync(`${browser}/package.json`, 'utf8')).exports,
)
  .map((target) => target['@carnet/source'])
  .filter((source) => source !== undefined)
  .map((source) => source.replace(/^\.\/src\/(.*)\.ts$/, '$1'))

/** The bundler of the app chooses between the short texts and the texts for development. */
const chosenByTheApp = {
  name: 'chosen-by-the-app',
  resolveId: (id) =>
    id.startsWith('#') ? { id: id.replace('#', '@carnet/core/'), external: true } : undefined,
}

/** Returns a function that lists the modules which load together with an entry. */
async function findModules(build) {
  // One file per module: their imports are the imports that remain after unused code is gone.
  const { output } = await build.generate({ format: 'es', preserveModules: true })
  const files = new Map(
    output.filter(({ type }) => type === 'chunk').map((file) => [file.fileName, file]),
  )
  const starts = new Map([...files.values()].map((file) => [file.facadeModuleId, file]))
  return function modulesOf(entry) {
    const start = starts.get(pathOf(entry))
    if (!start) throw new Error(`There is no module ${pathOf(entry)}.`)
    const found = new Set([start])
    for (const file of found)
      for (const name of file.imports) if (files.has(name)) found.add(files.get(name))
    return new Set([...found].map(({ facadeModuleId }) => facadeModuleId))
  }
}

/** Returns a function that names the file of a module. A module that is needed without its part gets a file beside it. */
async function nameFiles(build) {
  const modulesOf = await findModules(build)
  const users = { ...PARTS, ...ALONE, ...NAMES, ...BEFORE_ENGINE, ...AFTER_ENGINE }
  const modules = Object.entries(users).map(([name, entry]) => [name, modulesOf(entry)])
  return function fileOf(id) {
    const names = modules.filter(([, of]) => of.has(id)).map(([name]) => name)
    // The engine is there before the parts after it, so it holds the modules that they share.
    const isSharedLater = names[0] === 'interactions' && names.some((name) => name in AFTER_ENGINE)
    const part = isSharedLater ? 'engine' : names[0]
    if (!(part in PARTS)) return null
    const isBeside = (name) =>
      name in ALONE || name in NAMES || (part !== 'startup' && name in BEFORE_ENGINE)
    return [part, ...names.filter(isBeside)].join('-and-')
  }
}

const build = await rolldown({
  cwd: browser,
  input: Object.fromEntries(
    [...publicEntries, ...Object.values(ALONE), ...BY_PATH].map((entry) => [entry, pathOf(entry)]),
  ),
  external: ['idb', 'oauth4webapi', /^node:/],
  platform: 'browser',
  preserveEntrySignatures: 'allow-extension',
  resolve: { conditionNames: ['@carnet/source'] },
  plugins: [chosenByTheApp],
})
const { output } = await build.write({
  dir: `${browser}/dist`,
  format: 'es',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'parts/[name].js',
  codeSplitting: {
    groups: [{ name: await nameFiles(build), debugName: 'parts' }],
    includeDependenciesRecursively: false,
  },
})
await build.close()

const chunks = output.filter(({ type }) => type === 'chunk')
const early = chunks
  .filter(({ fileName }) => fileName.startsWith('parts/startup'))
  .flatMap(({ moduleIds }) => moduleIds.map((id) => relative(repository, id)))
const strangers = early.filter((id) => !FIRST.test(id))
if (strangers.length > 0) {
  console.error(`A page would load these modules before its first token: ${strangers.join(', ')}`)
  process.exit(1)
}
