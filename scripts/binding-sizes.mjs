/** The weights of the bindings. */
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { repository } from './run.mjs'

const weigh = (texts, measure) => texts.reduce((sum, text) => sum + measure(text), 0)
export const sizeOf = (...texts) => ({
  min: weigh(texts, (text) => Buffer.byteLength(text)),
  gzip: weigh(texts, (text) => gzipSync(text, { level: 9 }).byteLength),
  brotli: weigh(texts, (text) => brotliCompressSync(text).byteLength),
})

/** The weight of a file alone, without its imports. */
export async function alone(path) {
  const entry = `${repository}/packages/${path}`
  const options = { entryPoints: [entry], bundle: true, minify: true, write: false, format: 'esm' }
  const { outputFiles } = await bundle({ ...options, external: ['./*', '../*', '@*', 'react'] })
  return sizeOf(...outputFiles.map(({ text }) => text))
}
/** The weight of the own files of a binding, without Carnet and without the framework. */
export const binding = (...paths) =>
  sizeOfCode(paths.map((path) => `export * from './packages/${path}'`).join('\n'))
/** The weight of some exports of a file. */
export const exportsOf = (path, ...names) =>
  sizeOfCode(`export { ${names.join()} } from './packages/${path}'`)

async function sizeOfCode(contents) {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: repository },
    ...{ bundle: true, minify: true, write: false, format: 'esm' },
    external: [
      ...['@carnet/*', '@sveltejs/kit', 'react', 'solid-js', 'svelte', 'vue', 'vue-router'],
      // These files of `@carnet/browser` have rows of their own.
      ...['./snapshot.js', '../bindings/*'],
    ],
  })
  return sizeOf(...outputFiles.map(({ text }) => text))
}
