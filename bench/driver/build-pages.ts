import { join } from 'node:path'
import { build } from 'vite'
import { libraries } from '../libraries.ts'

const PAGES = ['index', 'callback', 'fill']

/**
 * Builds every page of every library as an app is built: a production build of Vite, from the published form of
 * the packages. Each by itself, so that no page shares chunks with one that an app would not have.
 *
 * @returns The folder that holds a folder for each library.
 */
export async function buildPages(repository: string): Promise<string> {
  const built = join(repository, '.cache/bench/pages')
  for (const library of libraries) {
    const root = join(repository, 'bench/pages', library)
    for (const [index, page] of PAGES.entries())
      await build({
        root,
        configFile: false,
        logLevel: 'warn',
        build: {
          target: 'es2022',
          outDir: join(built, library),
          emptyOutDir: index === 0,
          // The callers are told the sizes by `npm run size`.
          reportCompressedSize: false,
          rolldownOptions: {
            input: join(root, `${page}.html`),
            // A chunk of its own runs before any other; in the first chunk it would run after those of a library.
            output: { codeSplitting: { groups: [{ name: 'started', test: /started\.ts$/ }] } },
          },
        },
      })
  }
  return built
}
