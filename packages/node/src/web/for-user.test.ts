import { expect, test } from 'vitest'
import { forEachFile } from '../testing/for-each-file.ts'
import { createTestClock } from '../testing/service.ts'
import {
  CALLBACK,
  createAgent,
  originOf,
  request,
  SCOPES,
  startEntraWebApp,
  useWebApp,
} from '../testing/web-app.ts'

const { oidc, begun } = useWebApp()
const entra = forEachFile(() => startEntraWebApp())
const scopes = SCOPES
const fields = { redirectUri: CALLBACK, scopes }

test('a job renews the tokens, and knows how long it can', async () => {
  const clock = createTestClock()
  const app = await oidc.create({ clock })
  const { account, result } = await app.signIn.finish((await begun(app)).answer)
  const user = app.forUser(account.id)
  expect((await user.account())?.username).toBe('alice@example.com')
  expect(await user.forecast()).toMatchObject({
    accessTokenEndsOn: result.expiresOn,
    cause: 'unknown',
  })
  clock.advance(2 * 3_600_000)
  const renewed = await user.acquireTokenSilent({ scopes })
  expect(renewed).toMatchObject({ fromCache: false, account: { id: account.id } })
  const { url } = await user.signOut({ postLogoutRedirectUri: 'https://app.example/bye' })
  expect(url).toContain('id_token_hint=')
  expect(await user.account()).toBeUndefined()
  await expect(user.acquireTokenSilent({ scopes })).rejects.toMatchObject({
    code: 'interaction_required',
    reason: 'no_account',
  })
  await app.close()
})

test('a renewal never changes the user', async () => {
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const { account } = await signedIn(app)
  clock.advance(2 * 3_600_000)
  const other = Buffer.from(JSON.stringify({ uid: 'someone', utid: 'else' })).toString('base64url')
  await entra.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'tokenResponse', set: { client_info: other } },
  })
  const user = app.forUser(account)
  await expect(user.acquireTokenSilent({ scopes: graph })).rejects.toMatchObject({
    code: 'invalid_id_token',
  })
  expect((await user.account())?.id).toBe(account.id)
  expect((await user.acquireTokenSilent({ scopes: graph })).account?.id).toBe(account.id)
  await app.close()
})

const graph = ['User.Read']

async function signedIn(app: Awaited<ReturnType<typeof entra.create>>) {
  const { url, cookies } = await app.signIn.begin({ ...fields, scopes: graph })
  const answer = await createAgent({ origin: originOf(entra.idp) }).authorize(url)
  return app.signIn.finish(request(answer, cookies))
}

test('a web app of Entra signs in, and renews for another resource', async () => {
  const app = await entra.create()
  const { account, result } = await signedIn(app)
  expect(account.homeAccountId).toContain('.')
  expect(result.scopes).toContain('User.Read')
  const other = await app
    .forUser(account)
    .acquireTokenSilent({ scopes: [`${entra.idp.api}/api.read`] })
  expect(other).toMatchObject({ fromCache: false, account: { id: account.id } })
  expect((await app.forUser(account).forecast()).cause).toMatch(/refresh_token|entra_90d/)
  await app.close()
})
