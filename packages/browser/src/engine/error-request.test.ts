import { isInteractionRequired } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { alice, GUEST_TID, createFacelessClient as setUp } from '../testing/faceless-client.ts'

const HOST = 'https://login.microsoftonline.com'

/** The request in an error, which the app passes on unchanged. */
async function requestOf(call: Promise<unknown>) {
  const error = await call.catch((caught: unknown) => caught)
  return isInteractionRequired(error) ? error.request : expect.fail(`Not needed: ${error}`)
}

describe('the request of an error', () => {
  test('names account, authority and other fields when the provider refused the request', async () => {
    const { interact, start, complete } = setUp('entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    const authority = `${HOST}/common`
    const later = { extraScopesToConsent: ['api://1111/read'] }
    const asked = { account: result.account, authority, scopes: ['Mail.Read'], ...later }
    const { transaction } = await start(asked)
    const answer = { state: transaction.state, error: 'interaction_required', claims: '{"a":1}' }
    const request = await requestOf(complete(new URLSearchParams(answer)))
    expect(request).toMatchObject({ authority, ...later, claims: '{"a":1}' })
    expect(request.account).toBe(result.account)
    expect(request.scopes).toContain('Mail.Read')
    expect(request.scopes).not.toContain('api://1111/read')
  })

  test('names the account when another user signed in', async () => {
    const { interact } = setUp('entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    const asked = { account: result.account, scopes: ['Mail.Read'] }
    const bob = { ...alice, uid: 'u-2' }
    const request = await requestOf(interact(asked, 'Mail.Read', bob))
    expect(request.account).toBe(result.account)
  })

  test('leads a guest back to the tenant that knows the guest', async () => {
    const { interact, start, accounts } = setUp('entra')
    await interact({ scopes: ['User.Read'] }, 'User.Read')
    const authority = `${HOST}/common/`
    const inGuestTenant = { tid: GUEST_TID }
    const { result } = await interact({ authority }, 'User.Read', inGuestTenant)
    expect(accounts.list()).toHaveLength(2)
    for (const whom of [{ account: result.account }, { addsTo: result.account }])
      expect((await start({ scopes: ['Mail.Read'], ...whom })).transaction.authority).toBe(
        authority,
      )
  })
})

test('the authority of a request without an account does not come from an account of another issuer', async () => {
  const { start, accounts, provider } = setUp('oidc')
  const other = { iss: 'https://other.example', sub: 'x' }
  const account = {
    id: 'x',
    homeAccountId: 'x',
    environment: 'other.example',
    tenantId: '',
    localAccountId: 'x',
    username: 'x',
    name: undefined,
    idTokenClaims: other,
  }
  accounts.put({ account, idToken: 'x', authority: other.iss })
  const { transaction } = await start({ scopes: ['read'], addsTo: account })
  expect(transaction.authority).toBe(provider.issuer)
})
