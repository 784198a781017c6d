import { type Account, parameterKeys, toTokenQuery } from '@carnet/core'
import { DIALECTS, jsonResponse } from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import type { SilentRequest } from '../../api/requests.ts'
import { createFacelessClient } from '../../testing/faceless-client.ts'
import { keyedParameters } from '../../tokens/query-of.ts'

const AUDIENCE = { audience: 'https://api.example' }

function setUp(scopes: string[] = [], profile: 'oidc' | 'entra' = 'oidc') {
  const client = createFacelessClient(profile, { scopes })
  /** The parameters of an authorization request. */
  const sent = async (
    request: Parameters<typeof client.start>[0],
    kind?: 'iframe' | 'redirect',
  ) => {
    const { url } = await client.start(request, kind)
    return new URL(url).searchParams
  }
  const frame = (account: Account, more: object = {}) =>
    sent({ account, addsTo: account, prompt: 'none', ...more }, 'iframe')
  const keyed = (account: Account, request: Omit<SilentRequest, 'scopes'> = {}) =>
    keyedParameters(
      account,
      { ...request },
      { config: { dialect: DIALECTS[profile] }, accounts: client.accounts },
    )
  return { ...client, sent, frame, keyed }
}

describe('the OpenID Connect scopes of the sign-in', () => {
  test('are repeated, in an iframe and with more scopes', async () => {
    const { interact, sent, frame } = setUp()
    const { result } = await interact({ scopes: ['email', 'calendar.read'] })
    const { account } = result
    expect((await frame(account)).get('scope')).toBe(
      'calendar.read email offline_access openid profile',
    )
    const more = await sent({ addsTo: account, scopes: ['mail.read'] })
    expect(more.get('scope')).toBe('calendar.read email mail.read offline_access openid profile')
  })

  test('grow with later requests, and start again with a sign-in', async () => {
    const { interact, frame } = setUp()
    const { result } = await interact({ scopes: ['email'] })
    const more = await interact({ addsTo: result.account, scopes: ['phone'] })
    expect((await frame(more.result.account)).get('scope')).toContain('email')
    const anew = await interact({ scopes: ['address'] })
    expect((await frame(anew.result.account)).get('scope')).toBe(
      'address offline_access openid profile',
    )
  })

  test('come from the client options for an account of an early version', async () => {
    const { interact, frame, accounts } = setUp(['email', 'calendar.read'])
    const { result } = await interact({})
    const { signedInWith: _, ...early } = accounts.record(result.account) ?? expect.fail('Nobody.')
    accounts.put(early)
    expect((await frame(result.account)).get('scope')).toBe('email offline_access openid profile')
  })

  test('omit a scope that the user deselected', async () => {
    const { interact, frame } = setUp()
    const { result } = await interact({ scopes: ['email', 'read'] }, 'openid profile read')
    expect((await frame(result.account)).get('scope')).not.toContain('email')
  })

  test('come from the active account if an iframe request names no account', async () => {
    const { interact, sent } = setUp()
    await interact({ scopes: ['email', 'read'] })
    expect((await sent({}, 'iframe')).get('scope')).toBe('email offline_access openid profile')
  })

  test('are repeated at Entra too', async () => {
    const { interact, sent } = setUp([], 'entra')
    const { result } = await interact({ scopes: ['email', 'User.Read'] }, 'User.Read email openid')
    const more = await sent({ addsTo: result.account, scopes: ['Mail.Read'] })
    expect(more.get('scope')).toBe('Mail.Read email offline_access openid profile')
  })
})

describe('the scopes of the client', () => {
  test('are requested with more scopes, unless declined; an iframe requests granted scopes only', async () => {
    const { interact, sent, frame } = setUp(['calendar.read', 'files.read'])
    const signIn = { scopes: ['calendar.read'] }
    const { result } = await interact(signIn)
    const more = await sent({ addsTo: result.account, scopes: ['mail.read'] })
    expect(more.get('scope')).toContain('files.read')
    expect((await frame(result.account)).get('scope')).not.toContain('files.read')
    const narrowed = await interact(
      { addsTo: result.account, scopes: ['mail.read'] },
      'openid calendar.read mail.read',
    )
    const again = await sent({ addsTo: narrowed.result.account, scopes: ['mail.read'] })
    expect(again.get('scope')).not.toContain('files.read')
  })
})

describe('the parameters of the sign-in', () => {
  test('are repeated by every later request that does not name them', async () => {
    const { interact, sent, frame, keyed } = setUp()
    const { result } = await interact({ scopes: ['read'], extraParameters: AUDIENCE })
    const { account } = result
    expect((await frame(account)).get('audience')).toBe(AUDIENCE.audience)
    expect((await sent({ addsTo: account, scopes: ['mail'] })).get('audience')).toBe(
      AUDIENCE.audience,
    )
    const { parametersKey } = await parameterKeys(
      { authorization: AUDIENCE, token: {} },
      DIALECTS.oidc,
    )
    expect((await keyed(account)).parametersKey).toBe(parametersKey)
    expect((await keyed(account, { extraParameters: AUDIENCE })).parametersKey).toBe(parametersKey)
    const neutral = { extraParameters: { ui_locales: 'de' } }
    expect((await keyed(account, neutral)).parametersKey).toBe(parametersKey)
  })

  test('stay unchanged after a request with others, whose token has its own key', async () => {
    const { interact, keyed, cache, platform } = setUp()
    const { result } = await interact({ scopes: ['read'], extraParameters: AUDIENCE })
    const other = { extraParameters: { audience: 'https://other.example' } }
    const more = await interact({ addsTo: result.account, scopes: ['read'], ...other })
    const { account } = more.result
    const find = async (request?: typeof other) => {
      const query = toTokenQuery(account, ['read'], await keyed(account, request))
      return (await cache.find(query, platform.now()))?.token
    }
    expect(await find()).toBe(result.accessToken)
    expect(await find(other)).toBe(more.result.accessToken)
    expect(await find({ extraParameters: { audience: '' } })).toBeUndefined()
  })

  test('are omitted if the request has an empty text', async () => {
    const { interact, sent } = setUp()
    const { result } = await interact({ extraParameters: AUDIENCE })
    const request = { addsTo: result.account, extraParameters: { audience: '' } }
    expect((await sent(request)).has('audience')).toBe(false)
  })

  test('are removed by a sign-in without parameters', async () => {
    const { interact, frame, keyed } = setUp()
    await interact({ extraParameters: AUDIENCE })
    const { result } = await interact({})
    expect((await frame(result.account)).has('audience')).toBe(false)
    expect((await keyed(result.account)).parametersKey).toBeUndefined()
  })

  test('go to the token endpoint if they belong there', async () => {
    const { interact, provider } = setUp()
    await interact({ scopes: ['read'], tokenParameters: { tenant: 't', grant_type: 'evil' } })
    const request = provider.tokenRequests.at(-1)
    expect([request?.get('tenant'), request?.getAll('grant_type')]).toEqual([
      't',
      ['authorization_code'],
    ])
  })

  test('bind declined scopes: another audience is another query', async () => {
    const { interact, ledger } = setUp()
    const first = { scopes: ['read', 'write'], extraParameters: AUDIENCE }
    const { result } = await interact(first, 'openid read')
    const { grantKey } = await parameterKeys({ authorization: AUDIENCE, token: {} }, DIALECTS.oidc)
    const asked = (key?: string) =>
      ledger.states(toTokenQuery(result.account, ['read', 'write'], { grantKey: key }))
    expect(await asked(grantKey)).toEqual(['granted', 'declined'])
    expect(await asked()).toEqual([undefined, undefined])
  })

  test('are in the request of the error if the provider needs the user', async () => {
    const { start, complete } = setUp()
    const { transaction } = await start({ scopes: ['read'], extraParameters: AUDIENCE })
    const answer = { state: transaction.state, error: 'login_required' }
    await expect(complete(new URLSearchParams(answer))).rejects.toMatchObject({
      request: { extraParameters: AUDIENCE },
    })
  })
})

describe('claims', () => {
  const claims = '{"id_token":{"groups":null}}'

  test('of a sign-in are repeated, so that the account keeps its claims', async () => {
    const { interact, frame } = setUp()
    const { result } = await interact({ claims })
    expect((await frame(result.account)).get('claims')).toBe(claims)
  })

  test('on Entra answer one challenge, and tokens without them are dropped', async () => {
    const { interact, frame, keyed, cache, platform } = setUp([], 'entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    const plain = async () => {
      const details = { dialect: DIALECTS.entra, ...(await keyed(result.account)) } as const
      return cache.find(toTokenQuery(result.account, ['User.Read'], details), platform.now())
    }
    expect(await plain()).toBeDefined()
    const challenge = { addsTo: result.account, scopes: ['User.Read'], claims }
    const { result: answer } = await interact(challenge, 'User.Read')
    expect(await plain()).toBeUndefined()
    expect((await frame(answer.account)).has('claims')).toBe(false)
  })
})

describe('the hint for a hidden iframe', () => {
  test('is the ID token of the account, and nothing where no account is named', async () => {
    const { interact, frame, sent } = setUp()
    const { result } = await interact({})
    expect((await frame(result.account)).get('id_token_hint')).toBe(result.idToken)
    expect((await sent({}, 'iframe')).has('id_token_hint')).toBe(false)
    expect((await sent({ account: result.account })).has('id_token_hint')).toBe(false)
  })

  test('is omitted if the URL would be too long, or if the provider refused it', async () => {
    const { interact, frame } = setUp()
    const { result } = await interact({})
    const { account } = result
    expect((await frame(account, { omitsIdTokenHint: true })).has('id_token_hint')).toBe(false)
    const padded = await frame(account, { extraParameters: { ui_locales: 'x'.repeat(2000) } })
    expect(padded.has('id_token_hint')).toBe(false)
  })

  test('is missing on Entra, which uses other hints', async () => {
    const { interact, frame } = setUp([], 'entra')
    const { result } = await interact({ scopes: ['User.Read'] }, 'User.Read')
    expect((await frame(result.account)).has('id_token_hint')).toBe(false)
  })
})

test('a refresh repeats the claims of the sign-in', async () => {
  const { interact, network, keyed, provider } = setUp()
  const claims = '{"userinfo":{"email":null}}'
  const { result } = await interact({ scopes: ['read'], claims })
  provider.onToken = () => jsonResponse(provider.tokens())
  const query = toTokenQuery(result.account, ['read'], await keyed(result.account))
  await network.renew(query)
  expect(provider.tokenRequests.at(-1)?.get('claims')).toBe(claims)
})
