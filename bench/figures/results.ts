import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../../scripts/browser.mjs'
import type { Figures } from './figures.ts'
import { type Library, packageOf } from './libraries.ts'

/** The results of a run, in the format of `bench/results.json`. */
export interface Results {
  /** The day of the run. */
  readonly date: string
  /** True for a trial with few rounds. Its figures are not precise. */
  readonly quick: boolean
  readonly machine: { readonly processor: string; readonly cores: number; readonly memory: string }
  readonly versions: { readonly node: string; readonly chromium: string } & Readonly<
    Record<Exclude<Library, 'floor'>, string>
  >
  readonly figures: Figures
}

const fileOf = (repository: string) => join(repository, 'bench/results.json')

/** Reads the results of the last run. */
export const readResults = (repository: string): Results =>
  JSON.parse(readFileSync(fileOf(repository), 'utf8'))

/** Adds the date and the machine to the figures. */
export function describeRun(repository: string, quick: boolean, figures: Figures): Results {
  const versionOf = (library: Exclude<Library, 'floor'>): string => {
    const folder = join(repository, 'node_modules', packageOf[library])
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  }
  const chromium = execFileSync(findChromium() ?? 'chromium', ['--version'], { stdio: 'pipe' })
  return {
    date: new Date().toISOString().slice(0, 10),
    quick,
    machine: describeMachine(),
    versions: {
      node: process.versions.node,
      chromium: /[\d.]+/.exec(chromium.toString())?.[0] ?? 'unknown',
      carnet: versionOf('carnet'),
      'msal-browser': versionOf('msal-browser'),
      'oidc-client-ts': versionOf('oidc-client-ts'),
    },
    figures,
  }
}

/** The machine of a run. */
export const describeMachine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
})
