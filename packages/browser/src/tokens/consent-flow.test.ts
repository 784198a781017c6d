import { isAuthError, isInteractionRequired } from '@carnet/core'
import { jsonResponse } from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import { alice, GUEST_TID, createFacelessClient as setUp } from '../testing/faceless-client.ts'

describe('on a plain provider', () => {
  test('a renamed scope is granted, and renewed silently', async () => {
    const { interact, renew, states, provider } = setUp('oidc')
    const { result } = await interact({ scopes: ['Read'] }, 'openid https://api/Read')
    expect(result.declinedScopes).toEqual([])
    expect(await states(result.account, 'Read')).toEqual(['granted'])
    const before = provider.tokenRequests.length
    provider.onToken = () => jsonResponse(provider.tokens({ scope: 'openid https://api/Read' }))
    await renew(result.account, 'Read')
    expect(provider.tokenRequests).toHaveLength(before + 1)
  })

  test('consent scopes are granted, and repeated with later requests', async () => {
    const { interact, states } = setUp('oidc')
    const { result } = await interact(
      { scopes: ['read'], extraScopesToConsent: ['mail', 'x'] },
      'openid read mail',
    )
    // In the order of the query's own, sorted scopes.
    const known = await states(result.account, 'mail', 'read', 'x')
    expect(known).toEqual(['granted', 'granted', 'declined'])
    const { asked } = await interact({ addsTo: result.account, scopes: ['calendar'] })
    expect(asked).toBe('calendar mail offline_access openid profile read')
  })

  test('a declined scope is reported as declined, although older scopes were granted again', async () => {
    const { interact, states } = setUp('oidc')
    const { result } = await interact({ scopes: ['read'] })
    const again = await interact({ addsTo: result.account, scopes: ['write'] }, 'openid read')
    expect(await states(result.account, 'write')).toEqual(['declined'])
    expect(again.result.declinedScopes).toEqual(['write'])
  })
})

describe('on Entra', () => {
  const refuse = () => jsonResponse({ error: 'invalid_grant', suberror: 'consent_required' }, 400)

  test('a silently refused scope is acquired silently after the user consented', async () => {
    const { interact, renew, provider, entra } = setUp('entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    provider.onToken = refuse
    const failure = await renew(result.account, 'api://1111/read').catch((error: unknown) => error)
    expect(isInteractionRequired(failure) && failure.reason).toBe('consent')
    const more = { scopes: ['Mail.Read'], extraScopesToConsent: ['api://1111/read'] }
    await interact({ addsTo: result.account, ...more }, 'Mail.Read')
    provider.onToken = () => jsonResponse(entra.tokensFor(alice, { scope: 'api://1111/read' }))
    expect((await renew(result.account, 'api://1111/read')).resource).toBe('api://1111')
  })

  test('`.default` is granted if the response lists its scopes', async () => {
    const { interact, states, renew } = setUp('entra')
    const scopes = ['https://graph.microsoft.com/.default']
    const { result } = await interact({ scopes }, 'User.Read Mail.Read')
    expect(await states(result.account, ...scopes)).toEqual(['granted'])
    await renew(result.account, ...scopes)
    expect(await states(result.account, ...scopes)).toEqual(['granted'])
    await renew(result.account, ...scopes)
  })

  test('an account in another tenant is the same user there', async () => {
    const { interact, accounts } = setUp('entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    const authority = 'https://login.microsoftonline.com/common'
    const there = await interact(
      { account: result.account, authority, scopes: ['User.Read'] },
      'User.Read',
      { tid: GUEST_TID },
    )
    expect(there.result.account.homeAccountId).toBe(result.account.homeAccountId)
    expect(accounts.list()).toHaveLength(2)
    await expect(
      interact({ account: result.account, scopes: ['User.Read'] }, 'User.Read', { uid: 'u-2' }),
    ).rejects.toMatchObject({ reason: 'account_selection' })
  })

  test('scopes of two resources are refused before the user leaves', async () => {
    const { start } = setUp('entra')
    const failure = await start({ scopes: ['User.Read', 'api://1111/read'] }).catch(
      (error: unknown) => error,
    )
    expect(isAuthError(failure, 'invalid_request')).toBe(true)
  })

  test.each([['https://api.example/'], ['api://1111/.default'], ['.default']])(
    'an impossible consent scope (%s) is refused before the user leaves',
    async (later) => {
      const { start, platform } = setUp('entra')
      const asking = start({ scopes: ['User.Read'], extraScopesToConsent: [later] })
      await expect(asking).rejects.toMatchObject({ code: 'invalid_request' })
      expect(platform.requests).toEqual([])
    },
  )

  test('the account of a result is the object in the list of the client', async () => {
    const { interact, accounts } = setUp('entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    expect(accounts.list()).toContain(result.account)
    expect(result.account.tenantProfiles).toHaveLength(1)
  })
})

describe.each(['oidc', 'entra'] as const)('a declined consent page (%s)', (profile) => {
  const denied = { error: 'access_denied', error_description: 'AADSTS65004: Declined.' }

  test('is recorded for the account of the request; the error reaches the app', async () => {
    const { interact, start, complete, states } = setUp(profile)
    const { result } = await interact({ scopes: ['Read'] }, 'Read')
    const more = { scopes: ['Mail', 'Read'], extraScopesToConsent: ['Send'] }
    const { transaction } = await start({ addsTo: result.account, ...more })
    const response = new URLSearchParams({ state: transaction.state, ...denied })
    await expect(complete(response)).rejects.toMatchObject({ code: 'access_denied' })
    expect(await states(result.account, 'Mail')).toEqual(['declined'])
    expect(await states(result.account, 'Send')).toEqual(['declined'])
    expect(await states(result.account, 'Read')).toEqual(['granted'])
  })

  test.each([
    ['another sign-in', false, denied],
    ['a need of an administrator', true, { ...denied, error_description: 'AADSTS90094: Ask.' }],
    ['a need of the session', true, { error: 'login_required' }],
  ])('is not %s', async (_what, isForMore, answer) => {
    const { interact, start, complete, states } = setUp(profile)
    const { result } = await interact({ scopes: ['Read'] }, 'Read')
    const whom = isForMore ? { account: result.account } : {}
    const { transaction } = await start({ scopes: ['Mail'], ...whom })
    const response = new URLSearchParams({ state: transaction.state, ...answer })
    await expect(complete(response)).rejects.toBeDefined()
    expect(await states(result.account, 'Mail')).toEqual([undefined])
  })
})

test('a scope that is declined in another tenant is not declined in the home tenant', async () => {
  const { interact, start, complete, states, provider } = setUp('entra')
  const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
  const authority = `https://login.microsoftonline.com/${GUEST_TID}`
  const metadata = { ...provider.metadata, issuer: `${authority}/v2.0` }
  provider.respond = async () => jsonResponse(metadata)
  const asked = { account: result.account, authority, scopes: ['Mail.Read'] }
  const { transaction } = await start(asked)
  const response = { state: transaction.state, error: 'access_denied' }
  await expect(complete(new URLSearchParams(response))).rejects.toBeDefined()
  expect(await states(result.account, 'Mail.Read')).toEqual([undefined])
})

test('a scope that the provider no longer supports does not break every later request', async () => {
  const { interact, start, outcome } = setUp('oidc')
  const { result } = await interact({ scopes: ['old'] })
  const { transaction } = await start({ addsTo: result.account, scopes: ['new'] })
  const refusal = { state: transaction.state, error: 'invalid_scope' }
  const { again } = await outcome(new URLSearchParams(refusal))
  expect(new URL(again?.url ?? '').searchParams.get('scope')).toBe(
    'new offline_access openid profile',
  )
  const { asked } = await interact({ addsTo: result.account, scopes: ['new'] })
  expect(asked).toBe('new offline_access openid profile')
})

test('data of an account is not sent to another issuer', async () => {
  const { interact, start, provider } = setUp('oidc')
  const { result } = await interact({ scopes: ['read'] })
  const authority = 'https://other.example'
  provider.respond = async () => jsonResponse({ ...provider.metadata, issuer: authority })
  const { url } = await start({ addsTo: result.account, authority, scopes: ['new'] })
  const sent = new URL(url).searchParams
  expect(sent.get('scope')).toBe('new offline_access openid profile')
  expect(sent.get('login_hint')).toBeNull()
})
