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

/** The name and the root of the page, if the app needs other ones. */
interface Page {
  readonly file: string
  readonly root: string
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
  { file, root }: Page = { file: 'index.html', root: '<base href="/" /><app-root></app-root>' },
): void {
  mkdirSync(join(folder, name), { recursive: true })
  for (const [path, text] of Object.entries(sources)) writeFileSync(join(folder, name, path), text)
  const title =
    '<meta charset="utf-8" /><title>A fresh app</title><link rel="icon" href="data:," />'
  writeFileSync(join(folder, name, file), `<!doctype html>\n${title}\n${root}\n`)
  const options = {
    browser: `${name}/main.ts`,
    index: `${name}/${file}`,
    tsConfig: 'tsconfig.json',
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

/** Builds an app ahead of time with the builder of the Angular CLI, and returns the warnings. */
export async function buildByCli(folder: string, name: string): Promise<string[]> {
  const builder = join(folder, 'node_modules/@angular/build')
  if (!existsSync(builder)) symlinkSync(dirname(resolve('@angular/build/package.json')), builder)
  const architect = resolve('@angular-devkit/architect-cli/bin/cli.js')
  const output = await run(process.execPath, [architect, `${name}:build`], folder)
  return output.split('\n').filter((line) => /WARNING|ERROR/.test(line))
}
