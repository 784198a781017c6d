import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf, startApp } from './testing/app.ts'
import type { Browser, Page } from './testing/browser.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const bye = 'http://localhost:5173/bye'

const signOut = (browser: Browser, parameters: Record<string, string>) =>
  browser.visit(`${app.issuer}/session/end?${new URLSearchParams(parameters)}`)

/** Reads the hidden field of the confirmation form, which posts to another address than its page. */
const confirm = (browser: Browser, page: Page, fields: Record<string, string>) => {
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
  return browser.press({ ...page, url: `${app.issuer}/session/end/confirm` }, { xsrf, ...fields })
}

const isSignedIn = async (browser: Browser): Promise<boolean> =>
  'code' in answerOf(await browser.visit(app.authorizationUrl({ prompt: 'none' })))

test('with an ID token of the session, the user is signed out without confirmation', async () => {
  const browser = app.browser()
  const tokens = await app.signIn({}, { browser })
  const parameters = { post_logout_redirect_uri: bye, state: 'bye-state' }
  const back = await signOut(browser, { id_token_hint: tokens.id_token ?? '', ...parameters })
  expect(back.url).toBe(`${bye}?state=bye-state`)
  expect(await isSignedIn(browser)).toBe(false)
  expect((await app.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
})

test('offline access survives the sign-out', async () => {
  const browser = app.browser()
  const tokens = await app.signIn(
    { scope: 'openid offline_access', prompt: 'consent' },
    { browser },
  )
  await signOut(browser, { id_token_hint: tokens.id_token ?? '' })
  expect(await isSignedIn(browser)).toBe(false)
  expect((await app.refresh(tokens.refresh_token)).status).toBe(200)
})

test('without a hint, the user must confirm', async () => {
  const browser = app.browser()
  const tokens = await app.signIn({}, { browser })
  const parameters = { client_id: 'spa', post_logout_redirect_uri: bye, logout_hint: 'alice' }

  const stay = await signOut(browser, parameters)
  expect(stay.text).toContain('Sign out?')
  expect((await confirm(browser, stay, {})).url).toBe(bye)
  expect(await isSignedIn(browser)).toBe(true)

  const leave = await signOut(browser, parameters)
  expect((await confirm(browser, leave, { logout: 'yes' })).url).toBe(bye)
  expect(await isSignedIn(browser)).toBe(false)
  expect((await app.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
})

test('with an ID token of another user, the user must confirm', async () => {
  const browser = app.browser()
  await app.signIn({}, { browser })
  const bob = await app.signIn({}, { username: 'bob' })
  const page = await signOut(browser, { id_token_hint: bob.id_token ?? '' })
  expect(page.text).toContain('Sign out?')
  expect(await isSignedIn(browser)).toBe(true)
})

test('without a redirect URI, a page confirms the sign-out', async () => {
  const browser = app.browser()
  const tokens = await app.signIn({}, { browser })
  const page = await signOut(browser, { id_token_hint: tokens.id_token ?? '' })
  expect(page.text).toContain('You are signed out')
})
