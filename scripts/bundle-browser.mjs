/**
 * Bundles `@carnet/browser`, with the modules of `@carnet/core`, into one file per part. Otherwise the bundler of an app makes
 * a file for each small module that several parts share. A page would then load twenty files instead of four.
 */
import { readFileSync, writeFileSync } from 'node:fs'
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
const ALONE = { callback: 'callback' }

/** Files for workers. Each holds all its modules, so that a bundler of an app can ship it as it is. */
const WORKERS = ['token-worker', 'key-worker', 'service-worker']

/** The public names besides `createAuthClient`. */
const NAMES = {
  scopes: `${core}/scopes/scope-builder`,
  errors: `${core}/errors/errors`,
  refusals: `${core}/errors/interaction-required`,
}

/** Parts that may load before the engine. */
const BEFORE_ENGINE = {
  checks: 'checks/checked-config',
  response: 'flows/response/receive',
  fetch: 'fetch/resource-calls',
  entra: `${core}/entra`,
  auth0: `${core}/auth0`,
}

/** Parts that load after the engine, without the interactions. */
const AFTER_ENGINE = {
  stores: 'storage/other-stores',
  'sign-out': 'flows/sign-out/open-sign-out',
  remedies: 'fetch/remedies',
}

/** Files that other files load by their path. */
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
  .filter((entry) => !WORKERS.includes(entry))

/** Leaves the choice between short messages and messages for development to the bundler of the app. */
const chosenByTheApp = {
  name: 'chosen-by-the-app',
  resolveId: (id) =>
    id.startsWith('#') ? { id: id.replace('#', '@carnet/core/'), external: true } : undefined,
}

/** Returns a function that lists the modules of an entry: all its static imports. */
async function findModules(build) {
  // With one file per module, the imports of the files are the imports after the removal of unused code.
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

/** Returns a function that names the file of a module. A module that also loads without its part gets its own file. */
async function nameFiles(build) {
  const modulesOf = await findModules(build)
  const users = { ...PARTS, ...ALONE, ...NAMES, ...BEFORE_ENGINE, ...AFTER_ENGINE }
  const modules = Object.entries(users).map(([name, entry]) => [name, modulesOf(entry)])
  return function fileOf(id) {
    const names = modules.filter(([, of]) => of.has(id)).map(([name]) => name)
    // The parts after the engine load later, so the file of the engine contains the modules that they share.
    const isSharedLater = names[0] === 'interactions' && names.some((name) => name in AFTER_ENGINE)
    const part = isSharedLater ? 'engine' : names[0]
    if (!(part in PARTS)) return null
    const isBeside = (name) =>
      name in ALONE || name in NAMES || (part !== 'startup' && name in BEFORE_ENGINE)
    return [part, ...names.filter(isBeside)].join('-and-')
  }
}

const common = {
  cwd: browser,
  external: ['idb', 'oauth4webapi', /^node:/],
  platform: 'browser',
  resolve: { conditionNames: ['@carnet/source'] },
}

for (const name of WORKERS) {
  const alone = await rolldown({ ...common, input: { [name]: pathOf(name) } })
  const entryFileNames = '[name].js'
  await alone.write({ dir: `${browser}/dist`, format: 'es', sourcemap: true, entryFileNames })
  await alone.close()
}

const build = await rolldown({
  ...common,
  input: Object.fromEntries(
    [...publicEntries, ...Object.values(ALONE), ...BY_PATH].map((entry) => [entry, pathOf(entry)]),
  ),
  preserveEntrySignatures: 'allow-extension',
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
for (const { fileName } of chunks) {
  if (!fileName.startsWith('parts/')) continue
  // No part has effects, so its import without names does nothing, and some bundlers warn about it. The line stays for the map.
  const file = join(browser, 'dist', fileName)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^import "\.\/[\w-]+\.js";$/gm, ''))
}
const early = chunks
  .filter(({ fileName }) => fileName.startsWith('parts/startup'))
  .flatMap(({ moduleIds }) => moduleIds.map((id) => relative(repository, id)))
const strangers = early.filter((id) => !FIRST.test(id))
if (strangers.length > 0) {
  console.error(`A page would load these modules before its first token: ${strangers.join(', ')}`)
  process.exit(1)
}
