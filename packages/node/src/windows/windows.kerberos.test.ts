import { acceptKerberos } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Kdc, REALM, startKdc } from '../../../../scripts/kerberos.mjs'
import { ALICE, scopes, startFederatedEntra } from '../testing/windows.ts'
import { acquireTokenByIntegratedWindowsAuth } from './acquire-by-windows.ts'
import { type Negotiation, negotiateByKerberos } from './negotiate.ts'

let kdc: Kdc
let entra: Awaited<ReturnType<typeof startFederatedEntra>>

beforeAll(async () => {
  kdc = await startKdc({ users: ['alice', 'bob', 'mallory'], services: ['HTTP/127.0.0.1'] })
  // The Kerberos library reads the environment of the process.
  Object.assign(process.env, kdc.env)
  entra = await startFederatedEntra({ realm: REALM, accept: acceptKerberos() })
})
beforeEach(async () => {
  await entra.idp.control.reset()
  signOut()
})
afterAll(async () => {
  await entra?.idp.close()
  await kdc?.stop()
})

const signIn = (user: string) => {
  process.env.KRB5CCNAME = kdc.signIn(user)
}
const signOut = () => {
  process.env.KRB5CCNAME = kdc.env.KRB5CCNAME
}

test('the ticket of the user signs in, and further tokens need no ticket', async () => {
  signIn('alice')
  const app = await entra.create()
  const result = await acquireTokenByIntegratedWindowsAuth(app, {
    username: ALICE,
    scopes,
    correlationId: 'my call',
  })
  expect(result).toMatchObject({
    fromCache: false,
    tokenType: 'Bearer',
    correlationId: 'my call',
    account: { username: ALICE },
  })
  expect(result.idTokenClaims).toMatchObject({ preferred_username: ALICE })
  expect(result.trace.map(({ names }) => names?.join(' '))).toEqual(['interaction done'])
  expect(await app.accounts()).toHaveLength(1)

  signOut()
  const again = await app.acquireTokenSilent({ scopes })
  expect([again.fromCache, again.accessToken]).toEqual([true, result.accessToken])
  const other = await app.acquireTokenSilent({ scopes: [`${entra.idp.api}/api.read`] })
  expect(other.account?.username).toBe(ALICE)
  expect(await entra.counts()).toMatchObject({
    user_realm: 1,
    federation_metadata: 1,
    ws_trust: 1,
    token: 2,
  })
})

test('many calls at once share one sign-in', async () => {
  signIn('bob')
  const app = await entra.create()
  const request = { username: 'bob@contoso.example', scopes }
  const results = await Promise.all(
    Array.from({ length: 20 }, () => acquireTokenByIntegratedWindowsAuth(app, request)),
  )
  expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(1)
  expect(new Set(results.map(({ correlationId }) => correlationId)).size).toBe(20)
  expect(await entra.counts()).toMatchObject({ ws_trust: 1, token: 1 })
})

test('without a ticket, and for an unknown service, the error says so', async () => {
  const app = await entra.create()
  const call = (more = {}) =>
    acquireTokenByIntegratedWindowsAuth(app, { username: ALICE, scopes, ...more })
  await expect(call()).rejects.toMatchObject({
    code: 'kerberos_ticket_missing',
    message: expect.stringContaining('HTTP/127.0.0.1'),
    hint: expect.stringContaining('kinit'),
  })
  signIn('alice')
  await expect(call({ spn: 'HTTP/sts.other.example' })).rejects.toMatchObject({
    code: 'kerberos_spn_unknown',
  })
  expect((await entra.counts()).ws_trust).toBe(0)
  expect((await call()).account?.username).toBe(ALICE)
})

test('a principal that is no user of the domain gets no assertion', async () => {
  signIn('mallory')
  const app = await entra.create()
  const call = acquireTokenByIntegratedWindowsAuth(app, { username: ALICE, scopes })
  await expect(call).rejects.toMatchObject({ code: 'federation_refused' })
  expect((await entra.counts()).token).toBe(0)
})

test('a token that is used again or forged is refused, and a forged answer of the server too', async () => {
  signIn('alice')
  const app = await entra.create()
  const made = (await negotiateByKerberos('HTTP/127.0.0.1')) as Negotiation
  const call = (negotiate: () => Negotiation | string) =>
    acquireTokenByIntegratedWindowsAuth(app, { username: ALICE, scopes, negotiate })
  expect((await call(() => made)).account?.username).toBe(ALICE)
  await expect(call(() => made.token)).rejects.toMatchObject({ code: 'kerberos_refused' })

  const fresh = (await negotiateByKerberos('HTTP/127.0.0.1')) as Negotiation
  const bytes = Buffer.from(fresh.token, 'base64')
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40)
  await expect(call(() => bytes.toString('base64'))).rejects.toMatchObject({
    code: 'kerberos_refused',
  })

  // The answer for another exchange proves nothing.
  const one = (await negotiateByKerberos('HTTP/127.0.0.1')) as Negotiation
  const other = (await negotiateByKerberos('HTTP/127.0.0.1')) as Negotiation
  const mixed = call(() => ({ token: one.token, verify: other.verify }))
  await expect(mixed).rejects.toMatchObject({ code: 'kerberos_refused' })
  const secrets = [made.token, fresh.token, one.token]
  for (const secret of secrets) expect(entra.logged.join()).not.toContain(secret)
})
