import { type EntraWorld, entraStory as story } from '../../entra-world.ts'
import { expectSame, withBoth } from '../../steps/both-libraries.ts'
import { createLab, type Lab, type Observations } from '../../steps/msal-lab.ts'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

const USER_READ = { scopes: ['User.Read'] }

/** Calls before `initialize`, and the life of an application object of which nobody has signed in. */
async function beforeSignIn(lab: Lab): Promise<void> {
  const { page, seen } = lab
  await lab.opens({ hash: '' })
  for (const method of ['acquireTokenSilent', 'acquireTokenPopup', 'loginRedirect', 'ssoSilent'])
    await lab.calls(`${method} before initialize`, method, USER_READ)
  await lab.calls('handleRedirectPromise before initialize', 'handleRedirectPromise')
  await lab.calls('accounts before initialize', 'getAllAccounts')
  seen.initialize = await lab.initialize()
  seen['initialize again'] = await lab.initialize()
  await lab.calls('nothing to handle', 'handleRedirectPromise')
  await lab.calls('a silent call without an account', 'acquireTokenSilent', USER_READ)
  await lab.calls('an empty filter', 'getAccount', {})
  await lab.calls('an iframe without a session', 'ssoSilent', USER_READ)
  await lab.calls('a prompt in an iframe', 'ssoSilent', { ...USER_READ, prompt: 'login' })
  await page.evaluate(() => {
    window.open = () => null
  })
  await lab.calls('a blocked popup', 'loginPopup', USER_READ)
  await page.goto('about:blank')
  await lab.starts({ hash: '#code=1&state=of-another-library' })
  await lab.calls('a response of another library', 'handleRedirectPromise')
  seen['the address after it'] = lab.path()
}

/** Redirects that the app keeps, that the user cancels, and that succeed. */
async function signsIn(lab: Lab): Promise<void> {
  const { page, seen } = lab
  await page.goto('about:blank')
  await lab.starts({ keepsPage: true, hash: '' })
  await lab.calls('the app keeps the page', 'loginRedirect', {
    ...USER_READ,
    loginHint: 'alice@contoso.example',
    domainHint: 'contoso.example',
    extraQueryParameters: { slice: 'test' },
    nonce: 'created-by-a-server',
  })
  seen['the nonce of a server'] = await page.evaluate(() =>
    new URL((Reflect.get(window, 'kept') as string[])[0] ?? '').searchParams.get('nonce'),
  )
  seen['the sign-in that it kept'] = await lab.left()
  await lab.forgets()
  await lab.calls('a sign-out with nobody signed in', 'logoutRedirect')
  seen['the sign-out of nobody'] = await lab.left()
  await lab.forgets()

  await page.goto('about:blank')
  await lab.starts({ hash: '' })
  await page.evaluate(() => {
    const kept: string[] = []
    Object.assign(window, { kept })
    const stay = async (url: string) => {
      kept.push(url)
      return false
    }
    window.lab.app().setNavigationClient({ navigateExternal: stay, navigateInternal: stay })
  })
  await lab.calls('a router keeps the page', 'loginRedirect', USER_READ)
  seen['the sign-in that a router kept'] = await lab.left()
  await lab.forgets()

  await page.goto('about:blank')
  await lab.starts({ hash: '' })
  await lab.leavesBy('loginRedirect', USER_READ)
  await cancelAtProvider(page)
  await lab.starts()
  await lab.calls('the user cancels', 'handleRedirectPromise')
  seen['the address after the cancel'] = lab.path()

  await page.goto('about:blank')
  await lab.starts({ hash: '#/a-page' })
  const sending = page.waitForRequest((sent) => sent.url().includes('/authorize'))
  await lab.leavesBy('loginRedirect', { ...USER_READ, state: 'of the app', httpMethod: 'POST' })
  seen['the method of a request by a form'] = (await sending).method()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await lab.starts()
  await lab.calls('the user signs in', 'handleRedirectPromise')
  await lab.calls('the same response again', 'handleRedirectPromise')
}

/** Tokens without the user, and accounts. */
async function asksSilently(lab: Lab, { idp }: EntraWorld): Promise<void> {
  const { page, seen } = lab
  await lab.callsForAccount('a cached token', 'acquireTokenSilent', { ...USER_READ, state: 'mine' })
  await lab.callsForAccount('a new token', 'acquireTokenSilent', {
    ...USER_READ,
    forceRefresh: true,
  })
  const api = { scopes: [`${idp.api}/api.read`] }
  for (const cacheLookupPolicy of [1, 2])
    await lab.callsForAccount(`policy ${cacheLookupPolicy}`, 'acquireTokenSilent', {
      ...(cacheLookupPolicy === 1 ? api : USER_READ),
      cacheLookupPolicy,
    })
  seen['the same request twice'] = await page.evaluate(async () => {
    const account = window.lab.app().getAllAccounts()[0]
    const request = { scopes: ['User.Read'], forceRefresh: true, ...(account && { account }) }
    const results = await Promise.all([
      window.lab.app().acquireTokenSilent(request),
      window.lab.app().acquireTokenSilent(request),
    ])
    return [results[0]?.accessToken === results[1]?.accessToken, window.lab.events()]
  })
  for (const filter of [
    { username: 'ALICE@contoso.example' },
    { username: 'bob@contoso.example' },
    { isHomeTenant: true },
    { realm: idp.tenants.home.id },
    { loginHint: 'alice@contoso.example' },
    { loginHint: 'ALICE@contoso.example' },
    { authorityType: 'mssts' },
    { fieldOfTheApp: 'any value' },
  ])
    await lab.calls(`the filter ${JSON.stringify(filter)}`, 'getAllAccounts', filter)
  await lab.calls('the active account', 'getActiveAccount')
  seen['an active account by one id'] = await page.evaluate(() => {
    const app = window.lab.app()
    const [{ homeAccountId } = { homeAccountId: '' }] = app.getAllAccounts()
    app.setActiveAccount({ homeAccountId } as never)
    return [app.getActiveAccount()?.username, window.lab.events()]
  })
  seen['a result in the place of the active account'] = await page.evaluate(async () => {
    const app = window.lab.app()
    const [account] = app.getAllAccounts()
    const request = { scopes: ['User.Read'], ...(account && { account }) }
    app.setActiveAccount((await app.acquireTokenSilent(request)) as never)
    window.lab.events()
    return app.getActiveAccount()?.username
  })
  seen['setting the active account'] = await page.evaluate(() => {
    const app = window.lab.app()
    app.setActiveAccount(app.getAllAccounts()[0] ?? null)
    return [app.getActiveAccount()?.username, window.lab.events()]
  })
  await idp.control.addFault({
    endpoint: 'token',
    count: 9,
    fault: { kind: 'respond', status: 400, body: { error: 'invalid_scope' } },
  })
  await lab.callsForAccount('a refused scope', 'acquireTokenSilent', {
    ...USER_READ,
    cacheLookupPolicy: 3,
  })
  await idp.control.clearFaults()
}

/** Tokens of a server and of an earlier result. */
async function putsTokensIn(lab: Lab): Promise<void> {
  await lab.putsIn('a result that is put in', 'hydrate', USER_READ)
  lab.seen['its token'] = await lab.cached('User.Read')
  await lab.page.evaluate(() => window.lab.loadTokens('openid profile Server.Read'))
  lab.seen['tokens that are put in'] = await lab.cached('Server.Read')
}

/** A sign-out and a sign-in in popups, of which another tab hears. */
async function usesPopups(lab: Lab, world: EntraWorld, library: string): Promise<void> {
  const { page, seen } = lab
  const other = createLab(await page.context().newPage(), world, library)
  await other.starts({ hash: '' })
  await page.goto('about:blank')
  await lab.starts({ hash: '' })
  const redirectPage = new URL('redirect.html', lab.url).href
  await lab.callsForAccount('a sign-out in a popup', 'logoutPopup', {
    postLogoutRedirectUri: redirectPage,
  })
  seen['the accounts after it'] = await page.evaluate(() => window.lab.app().getAllAccounts())
  seen['the sign-out in another tab'] = await other.hears('msal:logoutSuccess')
  const opening = page.waitForEvent('popup')
  const signingIn = lab.calls('a sign-in in a popup', 'loginPopup', {
    ...USER_READ,
    popupWindowAttributes: { popupSize: { width: 500, height: 610 } },
  })
  const popup = await opening
  await signInAtProvider(popup, 'Alice Adams')
  await signingIn
  seen['the sign-in in another tab'] = await other.hears('msal:loginSuccess')
  await other.page.close()
}

/** Sign-outs, of which the app keeps the page, and a sign-out that comes back. */
async function signsOut(lab: Lab): Promise<void> {
  const { page, seen } = lab
  await page.goto('about:blank')
  await lab.starts({ keepsPage: true, hash: '' })
  await lab.calls('the accounts of another page', 'getAllAccounts')
  await lab.calls('the active account of another page', 'getActiveAccount')
  await lab.callsForAccount('a sign-out', 'logoutRedirect', {
    extraQueryParameters: { slice: 'test' },
  })
  seen['the sign-out that it kept'] = await lab.left()
  await lab.calls('the accounts after the sign-out', 'getAllAccounts')
  await page.goto('about:blank')
  await lab.starts({ hash: '' })
  const request = { logoutHint: 'alice@contoso.example', state: 'of the app' }
  await page.evaluate((given) => void window.lab.call('logoutRedirect', given), request)
  await page.waitForURL((at) => at.href.startsWith(lab.url) && at.searchParams.has('state'))
  await lab.starts()
  await lab.calls('back from the sign-out', 'handleRedirectPromise')
  seen['its state'] = await page.evaluate(() =>
    new URL(location.href).searchParams.get('state')?.split('|').slice(1),
  )
}

async function observe(lab: Lab, world: EntraWorld, library: string): Promise<Observations> {
  await world.idp.control.reset()
  await beforeSignIn(lab)
  await signsIn(lab)
  await asksSilently(lab, world)
  await usesPopups(lab, world, library)
  await putsTokensIn(lab)
  await signsOut(lab)
  return lab.seen
}

story('What an app sees of Carnet is what it saw of MSAL', async ({ browser, world }) => {
  story.setTimeout(120_000) // Two long days.
  expectSame(
    await withBoth(browser, (page, library) =>
      observe(createLab(page, world, library), world, library),
    ),
  )
})
