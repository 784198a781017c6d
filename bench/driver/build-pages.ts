import { join } from 'node:path'
import { build } from 'vite'
import { libraries } from '../figures/libraries.ts'

const PAGES = ['index', 'callback', 'fill']

/**
 * Builds every page of every library with Vite for production, from the published form of the packages. Each
 * page has its own build, because an app would not share chunks with the other pages.
 *
 * @returns The path of a folder with one folder per library.
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
          // `npm run size` reports the sizes.
          reportCompressedSize: false,
          rolldownOptions: {
            input: join(root, `${page}.html`),
            // A separate chunk runs first. Inside the first chunk, the module would run after the library.
            output: { codeSplitting: { groups: [{ name: 'started', test: /started\.ts$/ }] } },
          },
        },
      })
  }
  return built
}
