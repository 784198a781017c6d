/** Compares the exports of `@carnet/core` with the imports in the rest of the repository. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './run.mjs'

const FOLDERS = ['packages', 'demo-app', 'e2e', 'bench', 'docs']
/** Tests and fakes do not count: they may import a file of `@carnet/core` by its path. */
const NOT_COUNTED =
  /node_modules|\/dist\/|^packages\/core\/src|^e2e\/packaging|\.test\.|\/testing\/(?!index|seed|playwright)/
const NAMES = String.raw`(?:import|export)\s+(?:type\s+)?\{([^{}]*)\}`

/** @returns {string[]} The exported names of `@carnet/core` that no other package imports. */
export function unusedExports() {
  const { exports } = JSON.parse(read('packages/core/package.json'))
  const users = FOLDERS.flatMap(sourcesIn).map(read)
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = target['@carnet/source']
    // Authors of stores import `./testing`. Only built files import the messages for development.
    if (!source || path === './testing' || target.development) return []
    const entry = `@carnet/core${path.slice(1)}`
    const used = new Set(users.flatMap((text) => importsOf(text, entry)))
    // An entry exports the name behind `as`; an import names the one before.
    const exported = namesIn(read(join('packages/core', source)).replace(/\w+ as (?=\w)/g, ''), '')
    return exported.filter((name) => !used.has(name)).map((name) => `${name} of ${entry}`)
  })
}

const read = (path) => readFileSync(join(repository, path), 'utf8')

const sourcesIn = (folder) =>
  readdirSync(join(repository, folder), { recursive: true })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.(ts|mjs|md)$/.test(path))
    .filter((path) => !NOT_COUNTED.test(path))

function importsOf(text, entry) {
  // A dynamic import: `const { a, b } = await loaded(import('…'))`.
  const loaded = new RegExp(String.raw`\{([^{}]*)\} = await \w*\(?import\('${entry}'\)`, 'g')
  return [
    ...namesIn(text, String.raw`\s+from\s+'${entry}'`),
    ...[...text.matchAll(loaded)].flatMap(([, names]) => split(names)),
  ]
}

const namesIn = (text, suffix) =>
  [...text.matchAll(new RegExp(NAMES + suffix, 'g'))].flatMap(([, names]) => split(names))

const split = (names) =>
  names
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s.*$/, ''),
    )
    .filter(Boolean)
