/** What an app pays for: each library bundled in the same way. Fails over budget, and writes the README's table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { repository } from './run.mjs'

/** Gzipped bytes: all of it, and what a returning page loads before its first token from the cache. */
const BUDGET = { whole: 43_500, first: 25_500 }

async function bundle(entry) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: [entry],
    outdir: '/out',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  })
  const files = new Map(outputFiles.map(({ path, contents }) => [path.split('/').at(-1), contents]))
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [
    path.split('/').at(-1),
    output,
  ])
  const imports = new Map(outputs.map(([name, output]) => [name, output.imports]))
  const first = new Set()
  const visit = (name) => {
    if (first.has(name)) return
    first.add(name)
    for (const { path, kind } of imports.get(name) ?? [])
      if (kind === 'import-statement') visit(path.split('/').at(-1))
  }
  visit(outputs.find(([, output]) => output.entryPoint)?.[0])
  const weigh = (names, measure) =>
    names.reduce((total, name) => total + measure(files.get(name)), 0)
  const all = [...files.keys()]
  return {
    min: weigh(all, (text) => text.byteLength),
    gzip: weigh(all, (text) => gzipSync(text, { level: 9 }).byteLength),
    brotli: weigh(all, (text) => brotliCompressSync(text).byteLength),
    first: weigh([...first], (text) => gzipSync(text, { level: 9 }).byteLength),
  }
}

const version = (name) =>
  JSON.parse(readFileSync(`${repository}/node_modules/${name}/package.json`, 'utf8')).version

const rows = [
  ['@carnet/browser', 'bench/entries/carnet.ts'],
  ['@azure/msal-browser', 'bench/entries/msal-browser.ts'],
  ['oidc-client-ts', 'bench/entries/oidc-client-ts.ts'],
]
const kB = (bytes) => (bytes / 1000).toFixed(1)
const sizes = await Promise.all(rows.map(([, entry]) => bundle(entry)))
const table = [
  '| kB | minified | gzip | brotli | gzip, before the first cached token |',
  '| --- | --- | --- | --- | --- |',
  ...rows.map(([name], index) => {
    const { min, gzip, brotli, first } = sizes[index]
    const cells = [`${name} ${version(name)}`, min, gzip, brotli, first]
    return `| ${cells.map((cell) => (typeof cell === 'number' ? kB(cell) : cell)).join(' | ')} |`
  }),
].join('\n')
console.log(table)

if (process.argv.includes('--write')) {
  const readme = readFileSync(`${repository}/README.md`, 'utf8')
  const marked = /(<!-- sizes -->\n)[\s\S]*?(\n<!-- \/sizes -->)/
  writeFileSync(`${repository}/README.md`, readme.replace(marked, `$1\n${table}\n$2`))
}

const [carnet] = sizes
const over = Object.entries({ whole: carnet.gzip, first: carnet.first }).filter(
  ([name, bytes]) => bytes > BUDGET[name],
)
for (const [name, bytes] of over)
  console.error(`Over budget: ${name} weighs ${bytes} bytes, ${BUDGET[name]} are allowed.`)
process.exit(over.length === 0 ? 0 : 1)
