import type { Account, AuthClient } from '@carnet/browser'
import { expect, test } from 'vitest'
import { readNote, writeNote } from './user-notes.ts'

const account = (iat: number) => ({ idTokenClaims: { sub: 'alice', iat } }) as unknown as Account

/** The drawer of a client for data beside an account. */
function fakeAuth(stored?: unknown): AuthClient {
  let data = stored
  return {
    getAccountData: async () => data,
    setAccountData: async (_name: string, value: unknown) => {
      data = value
    },
  } as unknown as AuthClient
}

const note = { terms: { scopes: ['mail.read'] }, scope: 'openid mail.read', claims: { name: 'A' } }

test('A note comes back as it was written', async () => {
  const auth = fakeAuth()
  await writeNote(auth, account(1), note)
  expect(await readNote(auth, account(1))).toEqual(note)
})

test('The claims of a note end with the ID token that they belong to', async () => {
  const auth = fakeAuth()
  await writeNote(auth, account(1), note)
  expect(await readNote(auth, account(2))).toEqual({ ...note, claims: undefined })
})

test.each([undefined, null, { terms: 1 }, { terms: { scopes: 'x' } }])(
  '%j is no note',
  async (data) => {
    expect(await readNote(fakeAuth(data), account(1))).toBeUndefined()
  },
)
