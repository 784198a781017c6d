/** Runs the TypeScript of the bench on versions of Node without TypeScript support. */
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { repository } from '../scripts/run.mjs'

/** Bundles a module of the bench, without its packages, and imports it. */
export async function load(name) {
  return import(pathToFileURL(await bundled(name)).href)
}

/** Bundles a module of the bench, without its packages. @returns {Promise<string>} The path of the bundle. */
export async function bundled(name) {
  const outfile = `${repository}/.cache/bench/driver/${name}.mjs`
  await build({
    absWorkingDir: repository,
    entryPoints: [`bench/${name}.ts`],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  return outfile
}
