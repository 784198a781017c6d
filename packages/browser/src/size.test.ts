import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/** The gzipped sizes of the chunks of a bundled entry, in bytes. The entry itself comes first. */
async function gzippedSizes(entry: string): Promise<number[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outdir: '/',
    write: false,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@carnet/source'],
  })
  return outputFiles.map(({ contents }) => gzipSync(contents).byteLength)
}

test('the script of the bare redirect page weighs at most 1.5 kB', async () => {
  const [entry] = await gzippedSizes('callback.ts')
  expect(entry).toBeLessThanOrEqual(1500)
})
