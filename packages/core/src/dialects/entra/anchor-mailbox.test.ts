import { expect, test } from 'vitest'
import { anchorMailbox } from './anchor-mailbox.ts'

test.each([
  ['u-1.t-1', undefined, 'Oid:u-1@t-1'],
  ['u-1.t-1', 'alice@contoso.example', 'Oid:u-1@t-1'],
  [undefined, 'alice@contoso.example', 'UPN:alice@contoso.example'],
  // Without `client_info` the home account id is the `sub`, which names no directory.
  ['pairwise-sub', undefined, undefined],
  ['a.b.c', undefined, undefined],
  [undefined, undefined, undefined],
])('%s, expected as %s, is at %s', (homeAccountId, loginHint, anchor) => {
  expect(anchorMailbox(homeAccountId, loginHint)).toBe(anchor)
})
