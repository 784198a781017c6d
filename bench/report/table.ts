import { libraries, packageOf } from '../figures/libraries.ts'
import type { Results } from '../figures/results.ts'
import { microseconds } from './format.ts'
import { rows } from './rows.ts'

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** All figures, or only the headlines, as Markdown. */
export function tableOf({ figures, versions }: Results, headlinesOnly = false): string {
  const heads = libraries.map((library) =>
    library === 'floor' ? packageOf.floor : `${packageOf[library]} ${versions[library]}`,
  )
  const shown = rows.flatMap(({ label, headline, cell }) => {
    const cells = libraries.map((library) => cell(figures, library))
    const isShown = (headline || !headlinesOnly) && cells.some((text) => text !== '')
    return isShown ? [line([label, ...cells])] : []
  })
  return [line(['', ...heads]), line(['---', ...heads.map(() => '---')]), ...shown].join('\n')
}

/** The times of the basic operations on this machine. */
export function physicsOf({ figures }: Results): string {
  const { mapRead, decryption, indexedDbGet, webLock } = figures.physics ?? {}
  const parts = [
    ['a Map read in an async function', mapRead],
    ['an AES-GCM decryption of 1.5 kB', decryption],
    ['an IndexedDB get', indexedDbGet],
    ['a Web Lock', webLock],
  ] as const
  return parts
    .flatMap(([name, found]) => (found?.floor ? `${name} ${microseconds(found.floor.median)}` : []))
    .join(', ')
}

/** The date and the machine of the run. */
export function circumstancesOf({ date, quick, machine, versions }: Results): string {
  const where = `${machine.processor}, ${machine.cores} cores, ${machine.memory}`
  const how = quick ? ' A trial of few rounds (`--quick`): no figures to quote.' : ''
  return `${date}, ${where}, Node ${versions.node}, Chromium ${versions.chromium}.${how}`
}
