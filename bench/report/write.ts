import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readResults } from '../figures/results.ts'
import { goalTable } from './goals.ts'
import { plotOf } from './plot.ts'
import { circumstancesOf, physicsOf, tableOf } from './table.ts'

const SPEED = `The table shows medians of \`npm run bench\` ([method](bench/README.md)). The floor is the least possible code: no
validation, one encrypted record in IndexedDB. Page loads count from the start of the script. oidc-client-ts holds one
token, without encryption, in \`localStorage\`.`

/** Writes the plot and the marked sections of both READMEs. @returns The files to format. */
export function writeReport(repository: string): string[] {
  const results = readResults(repository)
  const { figures } = results
  writeFileSync(join(repository, 'bench/results.svg'), plotOf(figures))
  replace(join(repository, 'bench/README.md'), 'results', [
    circumstancesOf(results),
    '![Four of these figures as bars](results.svg)',
    tableOf(results),
    `The floor in the same pages: ${physicsOf(results)}.`,
    goalTable(figures),
  ])
  replace(join(repository, 'README.md'), 'bench', [
    SPEED,
    tableOf(results, true),
    '![Four of these figures as bars](bench/results.svg)',
    circumstancesOf(results),
  ])
  return ['README.md', 'bench/README.md', 'bench/results.json', 'bench/results.svg']
}

/** @throws If the marks are missing. */
function replace(file: string, name: string, blocks: readonly string[]): void {
  const text = readFileSync(file, 'utf8')
  const marked = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- /${name} -->)`)
  if (!marked.test(text)) throw new Error(`${file} has no section with the mark "${name}".`)
  const content = blocks.join('\n\n')
  // Use a function, because a replacement string would interpret $.
  writeFileSync(
    file,
    text.replace(marked, (_all, before, after) => `${before}\n${content}\n${after}`),
  )
}
