import { expect, test } from 'vitest'
import { migrateFromMsal } from './migrate-msal.ts'
import { migrateFromOidcClient } from './migrate-oidc-client.ts'

const options = { clientId: 'spa', authority: 'https://login.example.com' }

test('On a server there is nothing to move', async () => {
  const nothing = { moved: [], skipped: [] }
  expect(await migrateFromMsal(options)).toEqual(nothing)
  expect(await migrateFromOidcClient(options)).toEqual(nothing)
})
