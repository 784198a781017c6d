import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { repository, run } from './pack.ts'

const example = join(repository, 'examples/angular-app')
const { resolve } = createRequire(join(example, 'package.json'))

/** The packages of an Angular app, in the versions of the example. */
export function angularPackages(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'))
  return Object.entries(dependencies as Record<string, string>)
    .filter(([name]) => !name.startsWith('@carnet/'))
    .map(([name, version]) => `${name}@${version}`)
}

/** The name and the root of the page, if the app needs other ones, and the option `assets` of the builder. */
interface Page {
  readonly file?: string
  readonly root?: string
  readonly assets?: readonly unknown[]
}

/**
 * Writes a workspace of the Angular CLI with one app into a folder with installed packages.
 *
 * @param sources The files of the app by their names. `main.ts` starts the app.
 */
export function writeWorkspace(
  folder: string,
  name: string,
  sources: Readonly<Record<string, string>>,
  { file = 'index.html', root = '<base href="/" /><app-root></app-root>', assets = [] }: Page = {},
): void {
  mkdirSync(join(folder, name), { recursive: true })
  for (const [path, text] of Object.entries(sources)) writeFileSync(join(folder, name, path), text)
  const title =
    '<meta charset="utf-8" /><title>A fresh app</title><link rel="icon" href="data:," />'
  writeFileSync(join(folder, name, file), `<!doctype html>\n${title}\n${root}\n`)
  const options = {
    browser: `${name}/main.ts`,
    index: `${name}/${file}`,
    polyfills: existsSync(join(folder, 'node_modules/zone.js')) ? ['zone.js'] : [],
    tsConfig: 'tsconfig.json',
    assets,
    outputPath: { base: `built/${name}`, browser: '' },
  }
  const build = { builder: '@angular/build:application', options }
  const projects = { [name]: { projectType: 'application', root: name, architect: { build } } }
  const cli = { analytics: false, cache: { enabled: false } }
  writeFileSync(join(folder, 'angular.json'), JSON.stringify({ version: 1, cli, projects }))
  cpSync(join(example, 'tsconfig.json'), join(folder, 'example.json'))
  const config = { extends: './example.json', files: [`${name}/main.ts`] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
}

/** Builds an app ahead of time by the Angular CLI of the folder, or else by that of the example, and returns the warnings. */
export async function buildByCli(folder: string, name: string): Promise<string[]> {
  const modules = join(folder, 'node_modules')
  const builder = join(modules, '@angular/build')
  if (!existsSync(builder)) symlinkSync(dirname(resolve('@angular/build/package.json')), builder)
  const ng = join(modules, '@angular/cli/bin/ng.js')
  const args = existsSync(ng)
    ? [ng, 'build', name]
    : [resolve('@angular-devkit/architect-cli/bin/cli.js'), `${name}:build`]
  const output = await run(process.execPath, args, folder)
  return output.split('\n').filter((line) => /WARNING|ERROR/.test(line))
}
