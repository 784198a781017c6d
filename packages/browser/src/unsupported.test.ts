import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const ENTRIES = [
  'index',
  'inline-worker',
  'callback',
  'token-worker',
  'key-worker',
  'testing/index',
]

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carnet-on-a-server-'))
  await build({
    entryPoints: ENTRIES.map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    outdir: folder,
    outbase: fileURLToPath(new URL('.', import.meta.url)),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['@carnet/source'],
    logLevel: 'error',
  })
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs code in a process of Node that has nothing of a browser, and reads the JSON that it prints. */
function inNode(code: string): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { encoding: 'utf8', timeout: 15_000 },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}
const urlOf = (entry: string) => pathToFileURL(join(folder, `${entry}.mjs`)).href

/** Notes each access to a global that a browser has and a server may imitate. */
const NOTE_ACCESS = `
  const seen = []
  for (const name of ['window', 'self', 'document', 'location', 'history', 'navigator', 'indexedDB', 'localStorage',
    'sessionStorage', 'BroadcastChannel', 'Worker', 'fetch', 'addEventListener', 'postMessage', 'setTimeout', 'setInterval'])
    Object.defineProperty(globalThis, name, { configurable: true, get() { seen.push(name); return undefined } })
  const before = Reflect.ownKeys(globalThis).map(String)`

describe('in Node', () => {
  test.each(ENTRIES)('the import of %s has no effect', (entry) => {
    const { seen, added } = inNode(`${NOTE_ACCESS}
      await import('${urlOf(entry)}')
      const added = Reflect.ownKeys(globalThis).map(String).filter((name) => !before.includes(name))
      console.log(JSON.stringify({ seen, added }))`) as { seen: string[]; added: string[] }
    expect(added).toEqual([])
    // The script of a redirect page looks whether there is a page.
    expect(seen).toEqual(entry === 'callback' ? ['document'] : [])
  })

  const create = (
    before: string,
    options = "{ clientId: 'spa', authority: 'https://idp.example' }",
  ) =>
    inNode(`${before}
      const carnet = await import('${urlOf('index')}')
      const call = carnet.createAuthClient(${options})
      const error = await call.then(() => undefined, (error) => error)
      const isOurs = carnet.isAuthError(error)
      console.log(JSON.stringify({ isOurs, code: error?.code, hint: error?.hint, text: String(error) }))`)

  test.each([
    ['nothing of a browser', ''],
    ['a window without a document', 'globalThis.window = globalThis'],
    ['a document without an address', 'globalThis.document = {}'],
    ['an address without a document', "globalThis.location = new URL('https://app.example/')"],
    [
      'a page without WebCrypto',
      `globalThis.document = {}; globalThis.location = new URL('https://app.example/')
       Object.defineProperty(globalThis, 'crypto', { value: undefined })`,
    ],
  ])('the client rejects with %s', (_, before) => {
    expect(create(before)).toMatchObject({
      isOurs: true,
      code: 'unsupported_environment',
      hint: expect.stringMatching(/server-side rendering|unsupported_environment/),
    })
  })

  test.each(['undefined', 'null', '{}', '7'])(
    'the client rejects options of %s, too',
    (options) => {
      expect(create('', options)).toMatchObject({ isOurs: true, code: 'unsupported_environment' })
    },
  )
})
