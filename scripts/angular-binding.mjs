/** The code of `packages/angular` as an app has it. */
import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { repository } from './run.mjs'

const compiler = `${repository}/packages/angular/node_modules/@angular/compiler-cli/package.json`
const { resolve } = createRequire(realpathSync(compiler))
const { transformAsync } = (await import(resolve('@babel/core'))).default
const { createEs2015LinkerPlugin } = await import(resolve('@angular/compiler-cli/linker/babel'))

/** The linker asks for a file system to read source maps, which are not linked here. */
const noFiles = { resolve: (...paths) => paths.at(-1), exists: () => false }

/** The linker of Angular completes the declarations of the package. */
const linked = {
  name: 'angular-linker',
  setup({ onLoad }) {
    onLoad({ filter: /packages\/angular\/dist\/.*\.js$/ }, async ({ path }) => {
      const linker = createEs2015LinkerPlugin({
        fileSystem: noFiles,
        logger: console,
        linkerJitMode: false,
        sourceMapping: false,
      })
      const { code } = await transformAsync(readFileSync(path, 'utf8'), {
        filename: path,
        configFile: false,
        babelrc: false,
        compact: false,
        plugins: [linker],
      })
      return { contents: code }
    })
  },
}

/** The minified code without the names that it imports and exports: a bundle has none of them. */
export async function codeOfAngularBinding() {
  const { outputFiles } = await build({
    entryPoints: [`${repository}/packages/angular/dist/index.js`],
    ...{ bundle: true, minify: true, write: false, format: 'esm', plugins: [linked] },
    external: ['@carnet/*', '@angular/*', 'rxjs'],
    define: { ngDevMode: 'false' },
  })
  const names = /\b(import(\*as \w+|\{[^}]*\})from"[^"]+"|export\{[^}]*\});/g
  return outputFiles.map(({ text }) => text.replace(names, '')).join('')
}
