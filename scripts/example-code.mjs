/**
 * Checks that the documents show the code of the example apps as it is: a block of code that names a file is a copy of it. With
 * `--write`, the blocks are renewed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { BINDING_APPS } from './binding-apps.mjs'
import { repository } from './run.mjs'

const textOf = (path) => readFileSync(`${repository}/${path}`, 'utf8')

const documents = [
  'docs/frameworks.md',
  ...BINDING_APPS.map((name) => `packages/${name}/README.md`),
]
const shown = new Set()
for (const document of documents) {
  const text = textOf(document)
  const renewed = text.replace(/^```(\w+) (examples\/\S+)\n.*?^```$/gms, (_, language, path) => {
    shown.add(path.split('/')[1])
    return `\`\`\`${language} ${path}\n${textOf(path)}\`\`\``
  })
  if (renewed === text) continue
  if (!process.argv.includes('--write'))
    throw new Error(`${document} shows old code: run node scripts/example-code.mjs --write.`)
  writeFileSync(`${repository}/${document}`, renewed)
}
for (const name of BINDING_APPS)
  if (!shown.has(`${name}-app`)) throw new Error(`No document shows the example app of ${name}.`)
