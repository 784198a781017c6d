/** Loaded before a server: it fails the process if anything reads a global of browsers, except the given parts. */
import { appendFileSync } from 'node:fs'

const names = [
  'window',
  'document',
  'location',
  'history',
  'localStorage',
  'sessionStorage',
  'indexedDB',
]
for (const name of names) {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      const { stack = '' } = new Error(name)
      appendFileSync(process.env.READS_FILE ?? '', `${name} ${stack.split('\n')[2]?.trim()}\n`)
      return undefined
    },
  })
}
