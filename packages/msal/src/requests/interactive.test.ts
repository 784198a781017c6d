import { expect, test } from 'vitest'
import { toInteractive } from './interactive.ts'

const NOBODY = { accounts: { find: () => undefined }, active: { get: () => null } }
const context = NOBODY as unknown as Parameters<typeof toInteractive>[2]

test('the nonce of a server is that of the request', () => {
  const nonce = 'created-by-a-server'
  expect(toInteractive({ scopes: ['User.Read'], nonce }, 'id', context).nonce).toBe(nonce)
  expect(toInteractive({ scopes: ['User.Read'] }, 'id', context)).not.toHaveProperty('nonce')
})
