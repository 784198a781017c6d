/** Measures the bundle of an app with each library. It fails over budget, and `--write` renews the table of the README. */
import { readFileSync, writeFileSync } from 'node:fs'
import { build as bundle } from 'esbuild'
import { build } from 'vite'
import { codeOfAngularBinding } from './angular-binding.mjs'
import { alone, binding, exportsOf, sizeOf } from './binding-sizes.mjs'
import { repository } from './run.mjs'

/** The limits in gzipped bytes. */
const BUDGET = {
  'Carnet: a returning page, up to its first token': 9_950,
  'Carnet: a signed-in page of a plain provider, ready to renew': 57_400,
  'Carnet: redirect, popup, silent calls, renewal and sign-out': 84_000,
  'Carnet: all parts': 123_000,
  'Carnet: `@carnet/browser/callback`': 1_990,
  'Carnet: script tag, `carnet.min.js`': 101_300,
  'Carnet: module, `carnet.esm.min.js`': 101_300,
  'Carnet: worker, `carnet.worker.min.js`': 2_500,
  'Carnet: service worker, `carnet.service-worker.min.js`': 2_500,
  'Carnet: calls of APIs (`auth.fetch`), besides the rows above': 2_450,
  'Carnet: answers to challenges, at the first refused call': 3_700,
  'Carnet: all parts for calls of APIs': 10_900,
  'Carnet: `@carnet/browser/tanstack-query`, the largest adapter': 600,
  'Carnet: `@carnet/browser/migrate-msal`, without old entries': 900,
  'Carnet: the same with old entries, besides the rows above': 4_400,
  'Carnet: a service, `@carnet/node` with Redis': 53_400,
  'Binding: `@carnet/browser/snapshot`, without Carnet': 900,
  'Binding: `@carnet/browser/guards`, besides the row above': 1_000,
  'Binding: `@carnet/browser/component`, besides the rows above': 1_000,
  'Binding: its shared tokens for components that suspend': 550,
  'Binding: `@carnet/react`, without Carnet and React': 1_500,
  'Binding: `@carnet/vue` with its router, without Carnet and Vue': 1_500,
  'Binding: `@carnet/svelte` with its stores, without Carnet and Svelte': 1_500,
  'Binding: `@carnet/solid`, without Carnet and Solid': 1_500,
  'Binding: `@carnet/angular`, without Carnet and Angular': 1_500,
  'Adapter: `@carnet/msal`, in addition to the first row': 8_000,
  'Adapter: all parts of `@carnet/msal`, without Carnet': 16_700,
  'Adapter: `@carnet/oidc-client` at first load, without Carnet': 5_000,
  'Adapter: all parts of `@carnet/oidc-client`, without Carnet': 13_000,
}

/** The files of rare features and of the dialects of Entra and Auth0. */
const RARE =
  /\/(account-data|complete-sign-out|sign-out-frame|other-stores|rare-calls|from-sources|complete-redirect|import-session|check-session|revoke-tokens|adopt-records|holders|redeem|default-worker|signature|user-info|redirect-page|resource-map|resource-finder|www-authenticate|resource-calls|remedies|ask-user|resumables|discover-resource|other-stacks|proofs|call|open-dpop|worker-signer|find-resource|pushed-url|front-channel-logout|entra|auth0)\.js$/

/** The files for calls of APIs. Each loads when a call needs it. */
const API_PARTS =
  'resource-calls|remedies|ask-user|resumables|discover-resource|other-stacks|proofs|call'

/** The entries for other libraries. */
const ADAPTERS = 'apollo axios event-source ky ofetch signalr tanstack-query'.split(' ')

/** Removes the preload helper of Vite, which is not part of a library. */
const withoutPreloading = {
  name: 'without-preloading',
  enforce: 'pre',
  load: (id) =>
    id.includes('vite/preload-helper')
      ? 'export const __vitePreload = (load) => load()'
      : undefined,
}

async function chunksOf(entry, external = []) {
  const { output } = await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    plugins: [withoutPreloading],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: `${repository}/${entry}`, external },
    },
  })
  return new Map(output.filter(({ type }) => type === 'chunk').map((one) => [one.fileName, one]))
}

/** The chunks and all their static imports, transitively. */
function closureOf(chunks, start) {
  const found = new Set()
  const visit = (chunk) => {
    if (found.has(chunk)) return
    found.add(chunk)
    for (const name of chunk.imports) if (chunks.has(name)) visit(chunks.get(name))
  }
  for (const chunk of start) visit(chunk)
  return [...found]
}

const entriesOf = (chunks) => [...chunks.values()].filter(({ isEntry }) => isEntry)
const sizeOfChunks = (list) => sizeOf(...list.map(({ code }) => code))
const holds = ({ moduleIds }, name) => moduleIds.some((id) => name.test(id))

async function carnetApp() {
  const chunks = await chunksOf('bench/entries/carnet.ts')
  const entries = entriesOf(chunks)
  const parts = [...chunks.values()].filter((chunk) => holds(chunk, /browser\/dist\/parts\//))
  const first = closureOf(chunks, entries)
  const engine = parts.filter((chunk) => holds(chunk, /\/parts\/engine\.js$/))
  const usual = parts.filter((chunk) => !holds(chunk, RARE))
  const usualRows = [
    first,
    closureOf(chunks, [...entries, ...engine]),
    closureOf(chunks, [...entries, ...usual]),
    [...chunks.values()],
  ].map(sizeOfChunks)
  const partsOf = (names) =>
    sizeOfChunks(parts.filter((chunk) => holds(chunk, new RegExp(`/parts/(${names})\\.js$`))))
  const calls = ['resource-calls', 'remedies', API_PARTS].map(partsOf)
  return { usual: usualRows, calls }
}

/** The size of an entry with its static imports. Peers and the redirect page normally load nothing more. */
async function whole(entry) {
  const chunks = await chunksOf(entry)
  return sizeOfChunks(closureOf(chunks, entriesOf(chunks)))
}
/**
 * The size of a module with its packages, for a service. It is loaded once, so only the whole counts, without the part for DPoP:
 * that loads with the option `dpop`.
 */
async function service(code) {
  const { outputFiles } = await bundle({
    stdin: { contents: code, resolveDir: repository },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['*/open-dpop.js'],
    logLevel: 'error',
  })
  return sizeOf(...outputFiles.map(({ text }) => text))
}
/** The weight of an adapter without Carnet, which it loads at the first call: at first load, and of all its parts. */
async function adapterAlone(entry) {
  const chunks = await chunksOf(entry, /^@carnet\/browser/)
  return [closureOf(chunks, entriesOf(chunks)), [...chunks.values()]].map(sizeOfChunks)
}
/** The size of the largest adapter. @throws If its name is not in the table. */
async function largestAdapter() {
  const sizes = await Promise.all(
    ADAPTERS.map(async (name) => ({
      name,
      ...(await binding(`browser/dist/adapters/${name}.js`)),
    })),
  )
  const [{ name, ...size }] = sizes.sort((one, other) => other.gzip - one.gzip)
  if (name !== 'tanstack-query') throw new Error(`The largest adapter is ${name}.`)
  return size
}
/** The weight of an adapter: in addition to the first chunks of Carnet, and of all its parts. */
async function adapter(entry, own, [startOfCarnet]) {
  const chunks = await chunksOf(entry)
  const first = closureOf(chunks, entriesOf(chunks))
  const later = [...chunks.values()].filter((chunk) => !first.includes(chunk) && holds(chunk, own))
  const start = minus(sizeOfChunks(first), startOfCarnet)
  return [start, plus(start, sizeOfChunks(later))]
}
const combine = (operation) => (one, other) =>
  Object.fromEntries(Object.keys(one).map((name) => [name, operation(one[name], other[name])]))
const minus = combine((a, b) => a - b)
const plus = combine((a, b) => a + b)
/** The sizes of a migration: the entry, and the files that load for old entries. */
async function migration() {
  const chunks = await chunksOf('bench/entries/migrate-msal.ts')
  const own = /\/parts\/(move-sessions|find-\w+-sessions)\.js$/
  return [entriesOf(chunks), [...chunks.values()].filter((chunk) => holds(chunk, own))].map(
    sizeOfChunks,
  )
}
const file = (name) => sizeOf(readFileSync(`${repository}/packages/browser/dist/${name}`, 'utf8'))
const versionIn = (folder) =>
  JSON.parse(readFileSync(`${repository}/${folder}/package.json`, 'utf8')).version
const peer = (name) => `${name} ${versionIn(`node_modules/${name}`)}`

const { usual: carnet, calls } = await carnetApp()
const component = 'browser/dist/bindings/component.js'
const shared = await exportsOf(component, 'sharedToken', 'watchToken')
const forSuspense = minus(shared, await exportsOf(component, 'watchToken'))
const others = [
  await whole('packages/browser/dist/callback.js'),
  file('carnet.min.js'),
  file('carnet.esm.min.js'),
  file('carnet.worker.min.js'),
  file('carnet.service-worker.min.js'),
  ...calls,
  await largestAdapter(),
  ...(await migration()),
  await service("export * from '@carnet/node'; export * from '@carnet/node/redis'"),
  await alone('browser/dist/bindings/snapshot.js'),
  await alone('browser/dist/bindings/guards.js'),
  minus(await binding(component), forSuspense),
  forSuspense,
  await binding('react/dist/index.js'),
  await binding('vue/dist/index.js', 'vue/dist/router.js'),
  await binding('svelte/dist/index.js', 'svelte/dist/store.js', 'svelte/dist/kit.js'),
  await binding('solid/dist/index.js'),
  sizeOf(await codeOfAngularBinding()),
  ...(await adapter('bench/entries/carnet-msal.ts', /\/packages\/msal\/|msal-common/, carnet)),
  ...(await adapterAlone('bench/entries/carnet-oidc-client.ts')),
]
const rows = [
  ...[...carnet, ...others].map((size, index) => ({ name: Object.keys(BUDGET)[index], ...size })),
  { name: peer('@azure/msal-browser'), ...(await whole('bench/entries/msal-browser.ts')) },
  { name: peer('oidc-client-ts'), ...(await whole('bench/entries/oidc-client-ts.ts')) },
  { name: peer('@azure/msal-node'), ...(await service("export * from '@azure/msal-node'")) },
]

const kB = (bytes) => (bytes === undefined ? '' : (bytes / 1000).toFixed(1))
const cells = [
  ['kB', 'minified', 'gzip', 'brotli', 'budget (gzip)'],
  ...rows.map(({ name, min, gzip, brotli }) => [
    name,
    ...[min, gzip, brotli, BUDGET[name]].map(kB),
  ]),
]
/** The formatter of the documents aligns the columns of a table. */
const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)))
const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
const rule = line(widths.map((width) => '-'.repeat(width)))
const [head, ...body] = cells.map(line)
const table = [head, rule, ...body].join('\n')
console.log(table)

if (process.argv.includes('--write')) {
  const readme = readFileSync(`${repository}/README.md`, 'utf8')
  const marked = /(<!-- sizes -->\n)[\s\S]*?(\n<!-- \/sizes -->)/
  writeFileSync(`${repository}/README.md`, readme.replace(marked, `$1\n${table}\n$2`))
}

const over = rows.filter(({ name, gzip }) => gzip > BUDGET[name])
for (const { name, gzip } of over)
  console.error(`Over budget: ${name} weighs ${gzip} bytes, ${BUDGET[name]} are allowed.`)
process.exit(over.length === 0 ? 0 : 1)
