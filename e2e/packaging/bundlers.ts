import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'
import { run } from './pack.ts'

/** A bundler that builds `src/index.html` or `src/main.js` of a folder into its `built` folder. */
interface Bundler {
  readonly name: string
  /** True if the bundler follows `new Worker(new URL(…, import.meta.url))` and emits the worker file by itself. */
  readonly emitsWorker: boolean
  build(folder: string): Promise<void>
}

const parcelCli = createRequire(import.meta.url).resolve('parcel')

/** The options that webpack and Rspack share. */
const webpackOptions = (folder: string) => ({
  mode: 'production' as const,
  context: folder,
  entry: './src/main.js',
  output: { path: join(folder, 'built'), filename: 'main.js', publicPath: '/' },
  performance: { hints: false as const },
})

interface Stats {
  hasErrors(): boolean
  toString(): string
}

type Done = (error: Error | null, stats?: Stats) => void

/** Builds with webpack, or with a bundler that has its interface. */
const buildLikeWebpack =
  (bundle: (options: ReturnType<typeof webpackOptions>, done: Done) => void) =>
  async (folder: string): Promise<void> => {
    await new Promise<void>((resolve, reject) =>
      bundle(webpackOptions(folder), (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()))
        else resolve()
      }),
    )
    writePage(folder)
  }

export const bundlers: readonly Bundler[] = [
  {
    name: 'Vite',
    emitsWorker: true,
    async build(folder) {
      await vite({
        configFile: false,
        logLevel: 'error',
        root: join(folder, 'src'),
        build: { outDir: join(folder, 'built'), target: 'es2022' },
        worker: { format: 'es' },
      })
    },
  },
  {
    name: 'webpack',
    emitsWorker: true,
    build: buildLikeWebpack((options, done) => {
      webpack(options, done)
    }),
  },
  {
    name: 'Rspack',
    emitsWorker: true,
    build: buildLikeWebpack((options, done) => {
      rspack(options, done)
    }),
  },
  {
    name: 'Parcel',
    emitsWorker: true,
    async build(folder) {
      const args = [
        'build',
        'src/index.html',
        '--dist-dir',
        'built',
        '--no-cache',
        '--no-source-maps',
      ]
      await run(process.execPath, [parcelCli, ...args], folder)
    },
  },
  {
    name: 'Rollup',
    emitsWorker: false,
    async build(folder) {
      const bundle = await rollup({
        input: join(folder, 'src/main.js'),
        plugins: [nodeResolve({ browser: true })],
        onwarn(warning) {
          throw new Error(warning.message)
        },
      })
      await bundle.write({ dir: join(folder, 'built'), format: 'es' })
      await bundle.close()
      writePage(folder)
    },
  },
  {
    name: 'esbuild',
    emitsWorker: false,
    async build(folder) {
      await esbuild({
        absWorkingDir: folder,
        entryPoints: ['src/main.js'],
        outdir: 'built',
        bundle: true,
        minify: true,
        splitting: true,
        format: 'esm',
        target: 'es2022',
        logLevel: 'silent',
      })
      writePage(folder)
    },
  },
]

const PAGE = `<!doctype html>
<title>A fresh app</title>
<button>Sign in</button>
<output></output>
<script type="module" src="./main.js"></script>
`

function writePage(folder: string): void {
  writeFileSync(join(folder, 'built/index.html'), PAGE)
}

/** Writes the source of the app. A bundler that emits no worker file gets the file of the package beside its output. */
export function writeApp(folder: string, authority: string, { emitsWorker }: Bundler): void {
  for (const name of ['src', 'built']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'src/index.html'), PAGE)
  const worker = 'carnet.worker.min.js'
  if (!emitsWorker)
    copyFileSync(
      join(folder, 'node_modules/@carnet/browser/dist', worker),
      join(folder, 'built', worker),
    )
  const tokenWorker = emitsWorker
    ? ''
    : `tokenWorker: () => new SharedWorker('/${worker}', { name: 'carnet', extendedLifetime: true }),`
  writeFileSync(
    join(folder, 'src/main.js'),
    `import { createAuthClient } from '@carnet/browser'

const show = (text) => { document.querySelector('output').textContent = text }

createAuthClient({
  clientId: 'spa',
  authority: ${JSON.stringify(authority)},
  tokens: 'worker',
  ${tokenWorker}
}).then(async (auth) => {
  auth.on('workerUnavailable', ({ cause }) => show('no worker: ' + cause))
  document.querySelector('button').addEventListener('click', () => auth.signIn({ scopes: ['calendar.read'] }))
  if (!auth.activeAccount) return show('signed out')
  await auth.acquireToken({ scopes: ['calendar.read'], forceRefresh: true })
  show('renewed for ' + auth.activeAccount.username)
}, (error) => show(String(error)))
`,
  )
}
