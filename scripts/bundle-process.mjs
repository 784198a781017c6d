import { mkdirSync } from 'node:fs'
import { build } from 'esbuild'
import { repository } from './run.mjs'

/**
 * Bundles a program from source, for a process of a test. Its packages stay outside, and are found in the repository.
 *
 * @param {string} entry The path of the program.
 * @param {{ folder: string, external: readonly string[] }} to
 * @returns The path of the bundle. Each test process has its own.
 */
export async function bundleProcess(entry, { folder, external }) {
  mkdirSync(`${repository}${folder}`, { recursive: true })
  const name = entry.replace(/.*\//, '').replace(/\.ts$/, '')
  const outfile = `${repository}${folder}/${name}-${process.pid}.mjs`
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@carnet/source', 'development'],
    external: [...external],
    logLevel: 'error',
  })
  return outfile
}
