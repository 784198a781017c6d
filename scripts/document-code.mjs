import { readFileSync } from 'node:fs'
import { repository } from './run.mjs'

/** Returns the blocks of TypeScript of documents. The name of a block says where it comes from. */
export function codeOf(documents) {
  return documents.flatMap((document) => {
    const text = readFileSync(`${repository}/${document}`, 'utf8')
    const blocks = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)
    if (blocks.length === 0) throw new Error(`${document} shows no code.`)
    const name = document.replace(/\W+/g, '-').toLowerCase()
    return blocks.map((code, index) => ({ name: `${name}-${index + 1}.ts`, code }))
  })
}

/** Only the compiler of Angular reads templates, so `angular-documents.mjs` checks this code. */
export const isOfAngular = (code) => code.includes("from '@angular/")
