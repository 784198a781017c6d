import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type AuthErrorCode, errorHints } from './error-hints.ts'
import { hintOf as linkOf } from './hint-link-of.ts'

test('errors.md is complete and up to date', async () => {
  const list = await readFile(new URL('../../errors.md', import.meta.url), 'utf8')
  for (const [code, hint] of Object.entries(errorHints))
    expect(list).toContain(`## ${code}\n\n${hint}\n`)
  expect(list.match(/^## /gm)).toHaveLength(Object.keys(errorHints).length)
})

test('a hint of a production build names its code, and the file that has the advice', () => {
  for (const code of Object.keys(errorHints) as AuthErrorCode[])
    expect(linkOf(code)).toBe(`See "${code}" in @carnet/core/errors.md.`)
})
