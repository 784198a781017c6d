/**
 * Builds the files for pages without a bundler: `carnet.min.js` (a script with the global `Carnet`),
 * `carnet.esm.min.js` (a module) and their workers. It copies them to the folder that the stories serve.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundleWithEsbuild } from 'esbuild'
import { minify } from 'terser'
import { build } from 'vite'
import { repository } from './run.mjs'

const dist = `${repository}/packages/browser/dist`

/** Bundles a built entry into one file and returns its text. */
async function bundle(entry, format, { intro = '', worker, folder = dist, name = 'Carnet' } = {}) {
  const file = `${folder}/${entry}`
  const bundleOnce = async (first, plugins) =>
    [
      await build({
        configFile: false,
        root: `${repository}/packages/browser`,
        logLevel: 'error',
        plugins: [...plugins, worker && besideTheScript(worker)],
        build: {
          write: false,
          target: 'es2022',
          minify: 'oxc',
          lib: { entry: first, formats: [format], name, fileName: 'carnet' },
          rollupOptions: { output: { intro, codeSplitting: false } },
        },
      }),
    ].flat()[0]
  const parts = new Set()
  const plain = await bundleOnce(file, [findParts(parts)])
  const output =
    parts.size === 0 ? plain : await bundleOnce(WITH_PARTS, [allAtOnce(file, [...parts])])
  // Vite does not minify ES modules fully, because apps bundle them again. Here no bundler follows. Both minifiers together
  // make a smaller file than either of them.
  const { code } = await minify(output.output[0].code, {
    module: format === 'es',
    ecma: 2020,
    compress: { passes: 3 },
  })
  return code
}

/** Adds the path of each module that a bundle loads by `import()`. */
const findParts = (paths) => ({
  name: 'find-parts',
  buildEnd() {
    for (const id of this.getModuleIds())
      for (const path of this.getModuleInfo(id).dynamicallyImportedIds) paths.add(path)
  },
})

/** Two modules that exist during a build only: the entry of a file that holds all its parts, and the list of the parts. */
const WITH_PARTS = join(dist, 'with-parts.js')
const PARTS = join(dist, 'parts.js')
/** The name of the list. No variable of a module may hide it. */
const LIST = '__parts'

/**
 * Replaces each `import()` by a promise of a part that the file already holds. Nothing loads later there, and the bundler would wrap
 * each module in a function. The parts run after the entry, because they use its values.
 */
const allAtOnce = (entry, paths) => ({
  name: 'all-at-once',
  resolveId: (id) => ([WITH_PARTS, PARTS].includes(id) ? id : undefined),
  load(id) {
    if (id === PARTS) return `export const ${LIST} = []`
    if (id !== WITH_PARTS) return undefined
    const lines = paths.map((path, index) => `import * as part${index} from '${path}'`)
    const list = paths.map((_, index) => `part${index}`)
    return `export * from '${entry}'
      ${lines.join('\n')}
      import { ${LIST} } from '${PARTS}'
      ${LIST}.push(${list})`
  },
  async transform(code, id) {
    const texts = [...code.matchAll(/\bimport\((["'])(.+?)\1\)/g)]
    if (texts.length === 0) return undefined
    if (code.includes(LIST)) throw new Error(`${id} has the name ${LIST}.`)
    let result = code
    for (const [text, , path] of texts) {
      const resolved = await this.resolve(path, id)
      const index = paths.indexOf(resolved?.id)
      if (index < 0) throw new Error(`${id} loads ${path}, which is no part of the file.`)
      result = result.replace(text, `Promise.resolve(${LIST}[${index}])`)
    }
    return { code: `import { ${LIST} } from '${PARTS}'\n${result}`, map: null }
  },
})

/** The worker file is next to the script. The expression is split, because the bundler would resolve it otherwise. */
const besideTheScript = (base) => ({
  name: 'worker-beside',
  load: (id) =>
    id.endsWith('/worker/default-worker.js')
      ? `const address = (holdsKeys) =>
          new URL([holdsKeys ? 'carnet.key-worker.min.js' : 'carnet.worker.min.js'].join(), ${base})
        export const createDefaultWorker = (holdsKeys) =>
          new Worker(address(holdsKeys), { name: 'carnet' })
        export const createSharedWorker = (holdsKeys) =>
          new SharedWorker(address(holdsKeys), { name: 'carnet', extendedLifetime: true })`
      : undefined,
})

const worker = await bundle('token-worker.js', 'iife')
writeFileSync(
  `${dist}/worker/worker-source.js`,
  `/** The bundled worker. */\nexport const WORKER_SOURCE = ${JSON.stringify(worker)}\n`,
)
const files = {
  'carnet.min.js': await bundle('index.js', 'iife', {
    intro: 'const carnetScript = globalThis.document?.currentScript;',
    worker: 'carnetScript?.src ?? location.href',
  }),
  'carnet.esm.min.js': await bundle('index.js', 'es', { worker: 'import.meta.url' }),
  'carnet.worker.min.js': worker,
  'carnet.key-worker.min.js': await bundle('key-worker.js', 'iife'),
  'carnet.service-worker.min.js': await bundle('service-worker.js', 'iife'),
}
const integrity = {}
for (const [name, text] of Object.entries(files)) {
  writeFileSync(`${dist}/${name}`, text)
  integrity[name] = `sha384-${createHash('sha384').update(text).digest('base64')}`
  console.log(`${name}  ${integrity[name]}`)
}
writeFileSync(`${dist}/integrity.json`, `${JSON.stringify(integrity, null, 2)}\n`)

/** The adapter for apps of `@azure/msal-browser`: a script with the global `msal`, and a script for its redirect page. */
const msal = `${repository}/packages/msal/dist`
writeFileSync(
  `${msal}/msal.min.js`,
  await bundle('index.js', 'iife', {
    folder: msal,
    name: 'msal',
    intro: 'const carnetScript = globalThis.document?.currentScript;',
    worker: 'carnetScript?.src ?? location.href',
  }),
)
// The redirect page loads its parts by `import()`, which only this bundler puts into one script.
await bundleWithEsbuild({
  entryPoints: [`${msal}/redirect-bridge.js`],
  outfile: `${msal}/msal-redirect-bridge.min.js`,
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'msalRedirectBridge',
  logLevel: 'error',
  target: 'es2022',
})

const served = `${repository}/e2e/app/dist/no-bundler`
mkdirSync(`${served}/worker`, { recursive: true })
for (const name of [...Object.keys(files), 'inline-worker.js', 'worker/worker-source.js'])
  copyFileSync(`${dist}/${name}`, `${served}/${name}`)
for (const name of ['msal.min.js', 'msal-redirect-bridge.min.js'])
  copyFileSync(`${msal}/${name}`, `${served}/${name}`)
for (const page of ['script.html', 'module.html', 'copies.html']) {
  const html = readFileSync(`${repository}/e2e/no-bundler/${page}`, 'utf8')
  const filled = html.replace(/\{\{(.+?)\}\}/g, (_, name) => integrity[name])
  writeFileSync(`${served}/${page}`, filled)
}
for (const page of ['msal.html', 'msal-redirect.html'])
  copyFileSync(`${repository}/e2e/no-bundler/${page}`, `${served}/${page}`)
for (const script of ['in-a-worker.js', 'other-service-worker.js'])
  copyFileSync(`${repository}/e2e/no-bundler/${script}`, `${served}/${script}`)
