import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'
import { describe, test } from 'vitest'
import type { RecordStore } from '../records/record-store.ts'
import { recordStoreContract } from './record-store-contract.ts'

/** The module that the documents show first. */
async function documentedModule(): Promise<{ createTextStore(storage: object): RecordStore }> {
  const url = new URL('../../../../docs/custom-store.md', import.meta.url)
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(await readFile(url, 'utf8')) ?? []
  const { code: script } = await transform(code, { loader: 'ts' })
  return import(`data:text/javascript,${encodeURIComponent(script)}`)
}

describe('the store of the documents', async () => {
  const { createTextStore } = await documentedModule()

  const open = (texts = new Map<string, string>()) =>
    createTextStore({
      entries: async () => [...texts],
      set: async (name: string, text: string) => void texts.set(name, text),
      remove: async (name: string) => void texts.delete(name),
    })

  for (const { name, run } of recordStoreContract(() => open())) test(name, run)

  test('reads the records of an earlier store', async ({ expect }) => {
    const texts = new Map<string, string>()
    const value = { version: 1, iv: new Uint8Array([1, 2]), data: new Uint8Array([3]).buffer }
    const record = { key: 'a', tags: ['x'], expiresAtMs: 9, value }
    await open(texts).write([{ type: 'put', collection: 'accessTokens', record }])
    expect(await open(texts).find('accessTokens', 'x')).toEqual([record])
  })
})
