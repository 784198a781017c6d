import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakeEntra } from '../testing/fake-entra.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps, graphRefreshToken } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const HOST = 'https://login.microsoftonline.com'
const TID = '11111111-aaaa-4aaa-8aaa-000000000001'
const GUEST_TID = '22222222-bbbb-4bbb-8bbb-000000000002'
const person = { uid: 'u-1', utid: TID }
const asGuest = { ...person, tid: GUEST_TID }

/** One user, in the home tenant and as a guest of another tenant: one refresh token serves both. */
async function setUp() {
  const platform = createFakePlatform((request) => entra.respond(request))
  const entra = createFakeEntra({ now: platform.now })
  const asked: string[] = []
  const deps = createRenewalDeps(platform, async (authority) => {
    asked.push(authority)
    return authority === entra.authority
      ? entra.metadata
      : { ...entra.metadata, issuer: `${authority}/v2.0` }
  })
  const { store, cache, accounts } = deps
  const accountOf = (who: typeof person) =>
    entraAccountFromClaims(entra.claimsOf(who), 'login.microsoftonline.com', `u-1.${TID}`)
  const [alice, guest] = [accountOf(person), accountOf(asGuest)]
  const guestAuthority = `${HOST}/${GUEST_TID}`
  await store.write([
    ...accounts.put({ account: alice, idToken: 'at-home', authority: entra.authority }),
    ...accounts.put({ account: guest, idToken: 'as-guest', authority: guestAuthority }),
    ...cache.keep(graphRefreshToken(alice, platform.now())),
  ])
  const ask = (account = alice, authority?: string) =>
    toTokenQuery(account, ['User.Read'], { dialect: DIALECTS.entra, authority })
  const heldToken = async () => (await cache.refreshToken(alice))?.token
  return { entra, store, accounts, deps, alice, guest, guestAuthority, ask, asked, heldToken }
}

describe('a refusal of the refresh token by another tenant', () => {
  const POLICY = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_edit'

  test.each([
    ['a tenant that knows no such guest', { error_codes: [50020] }, `${HOST}/contoso.example`],
    ['another policy', { error_description: 'AADB2C90088: Not issued for this endpoint.' }, POLICY],
  ])('by %s keeps it; the reason is login', async (_what, fields, authority) => {
    const { entra, deps, alice, ask, heldToken } = await setUp()
    entra.onToken = () => jsonResponse({ error: 'invalid_grant', ...fields }, 400)
    const error = await failureOf(renew(ask(alice, authority), deps))
    expect(isInteractionRequired(error) && error.reason).toBe('login')
    expect(await heldToken()).toBe('s3cret-refresh-0')
  })

  test('by a tenant of a former guest keeps it', async () => {
    const { entra, deps, guest, ask, heldToken } = await setUp()
    entra.onToken = () => jsonResponse({ error: 'invalid_grant', error_codes: [50020] }, 400)
    const error = await failureOf(renew(ask(guest), deps))
    expect(isInteractionRequired(error) && error.reason).toBe('login')
    expect(await heldToken()).toBe('s3cret-refresh-0')
  })

  test.each([{ suberror: 'bad_token' }, { error_codes: [700082] }, { error_codes: [700084] }])(
    'with %j deletes it, because the token itself is invalid',
    async (fields) => {
      const { entra, deps, alice, guestAuthority, ask, heldToken } = await setUp()
      entra.onToken = () => jsonResponse({ error: 'invalid_grant', ...fields }, 400)
      await failureOf(renew(ask(alice, guestAuthority), deps))
      expect(await heldToken()).toBeUndefined()
    },
  )
})

describe('a response of another tenant, which issued the refresh token', () => {
  test('does not count for the home account: the next request goes to its own tenant', async () => {
    const { entra, deps, accounts, alice, guest, ask, asked, heldToken } = await setUp()
    const answers = [entra.tokensFor(asGuest), entra.tokensFor(person)]
    entra.onToken = () => jsonResponse(answers.shift())
    const record = await renew(ask(), deps)
    expect(record.owner).toBe(accountKey(alice))
    expect(asked).toEqual([entra.authority, `${HOST}/${TID}`])
    expect(await heldToken()).toBe('s3cret-refresh-2')
    expect(accounts.record(guest)?.idToken).toBe('as-guest')
  })

  test('occurs once, because the account then has its tenant', async () => {
    const { entra, deps, accounts, alice, ask, asked } = await setUp()
    const answers = [entra.tokensFor(asGuest), entra.tokensFor(person), entra.tokensFor(person)]
    entra.onToken = () => jsonResponse(answers.shift())
    await renew(ask(), deps)
    await renew(ask(), deps)
    expect(asked).toEqual([entra.authority, `${HOST}/${TID}`, `${HOST}/${TID}`])
    expect(accounts.record(alice)?.authority).toBe(`${HOST}/${TID}`)
  })

  test('is refused if the own tenant sends it too', async () => {
    const { entra, deps, accounts, alice, ask, heldToken } = await setUp()
    entra.onToken = () => jsonResponse(entra.tokensFor(asGuest))
    expect((await failureOf(renew(ask(), deps))).code).toBe('invalid_id_token')
    expect(entra.tokenRequests).toHaveLength(2)
    expect(accounts.record(alice)?.idToken).toBe('at-home')
    expect(await heldToken()).toBe('s3cret-refresh-0')
  })

  test('is refused if the tenant of the account is unknown', async () => {
    const { entra, deps, accounts, alice, store, ask } = await setUp()
    const { account, ...record } = accounts.record(alice) ?? expect.fail('Nobody is there.')
    const homeless = { ...account, tenantId: '' }
    await store.write(accounts.put({ ...record, account: homeless }))
    entra.onToken = () => jsonResponse(entra.tokensFor(asGuest))
    expect((await failureOf(renew(ask(homeless), deps))).code).toBe('invalid_id_token')
    expect(entra.tokenRequests).toHaveLength(1)
  })

  test("does not occur for a request to the account's own tenant", async () => {
    const { entra, deps, accounts, alice, ask, asked } = await setUp()
    entra.onToken = () => jsonResponse(entra.tokensFor(person))
    await renew(ask(), deps)
    expect([asked, entra.tokenRequests.length]).toEqual([[entra.authority], 1])
    expect(accounts.record(alice)?.authority).toBe(entra.authority)
  })
})
