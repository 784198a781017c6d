import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../../testing/app.ts'
import { type Browser, spa } from '../../testing/browser.ts'
import { claimsOf, startEntraApp } from '../../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp({ settings: { consent: 'skip' } })
})
beforeEach(async () => {
  await app.control.reset()
  app.addClient(spa)
})
afterAll(() => app.close())

const bye = { post_logout_redirect_uri: 'http://localhost:5173/bye', state: 'bye-state' }

const signOut = (agent: Browser, parameters: Record<string, string>) =>
  agent.visit(`${app.authority('common')}/oauth2/v2.0/logout?${new URLSearchParams(parameters)}`)

const isSignedIn = async (agent: Browser, hint = 'alice'): Promise<boolean> =>
  'code' in answerOf(await agent.visit(app.authorizationUrl({ prompt: 'none', login_hint: hint })))

test.each(['logout_hint', 'id_token_hint'])('with %s, no page is shown', async (name) => {
  const agent = app.browser()
  const { id_token = '' } = await app.signIn({}, { agent })
  const hint = name === 'logout_hint' ? String(claimsOf(id_token).login_hint) : id_token
  const back = await signOut(agent, { [name]: hint, ...bye })
  expect(back.url).toBe('http://localhost:5173/bye?state=bye-state')
  expect(await isSignedIn(agent)).toBe(false)
})

test('without a hint, the user picks the account, and other sessions stay', async () => {
  const agent = app.browser()
  await app.walk({}, { agent })
  await app.walk({ prompt: 'login' }, { agent, username: 'bob' })
  const page = await signOut(agent, bye)
  expect(page.text).toContain('Which account do you want to sign out of?')
  const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? []
  const url = new URL(action.replaceAll('&#38;', '&'), app.origin).href
  const back = await agent.press({ ...page, url }, { account: 'alice' })
  expect(back.url).toBe('http://localhost:5173/bye?state=bye-state')
  expect(await isSignedIn(agent)).toBe(false)
  expect(await isSignedIn(agent, 'bob')).toBe(true)
})

test('an unregistered redirect URI is ignored', async () => {
  const agent = app.browser()
  await app.walk({}, { agent })
  const page = await signOut(agent, {
    logout_hint: 'alice',
    post_logout_redirect_uri: 'http://evil.test/',
  })
  expect(page.text).toContain('You are signed out')
  expect(page.text).not.toContain('evil')
})

test('hidden iframes notify the other apps', async () => {
  app.addClient({ ...spa, frontchannelLogoutUri: 'http://localhost:5173/signed-out?from=idp' })
  const agent = app.browser()
  const { id_token } = await app.signIn({}, { agent })
  const page = await signOut(agent, { logout_hint: 'alice', ...bye })
  const [, source = ''] = /<iframe hidden src="([^"]+)"/.exec(page.text) ?? []
  const { searchParams } = new URL(source.replaceAll('&#38;', '&'))
  expect(Object.fromEntries(searchParams)).toEqual({ from: 'idp', sid: claimsOf(id_token).sid })
  expect(page.text).toContain('url=http://localhost:5173/bye?state=bye-state')
  expect(page.headers.get('content-security-policy')).toContain('frame-src http://localhost:5173')
})

test('the refresh token stays valid', async () => {
  const agent = app.browser()
  const { refresh_token } = await app.signIn({}, { agent })
  await signOut(agent, { logout_hint: 'alice' })
  expect((await app.refresh(refresh_token)).status).toBe(200)
})
