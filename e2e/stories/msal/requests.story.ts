import { entraStory as story } from '../../entra-world.ts'
import { expectSame, withBoth } from '../../steps/both-libraries.ts'
import { createLab, type Lab, type Observations } from '../../steps/msal-lab.ts'

const USER_READ = { scopes: ['User.Read'] }

/** An account that the app stored itself, and that is not signed in here. */
const stored = (authority: string, more: object = {}) => ({
  homeAccountId: 'zoe.tenant',
  localAccountId: 'zoe',
  tenantId: 'tenant',
  environment: new URL(authority).host,
  username: 'zoe@contoso.example',
  ...more,
})

/** The fields of a sign-in request, by the names of their observations. */
const signIns = (authority: string): Readonly<Record<string, object>> => ({
  'no scopes': { scopes: [] },
  'scopes of OpenID Connect': { scopes: ['openid', 'offline_access', 'email'] },
  'scopes with spaces and empty texts': { scopes: ['User.Read', '', ' Mail.Read '] },
  'extra scopes': { ...USER_READ, extraScopesToConsent: ['Mail.Read'] },
  ...Object.fromEntries(
    ['login', 'select_account', 'consent', 'none', 'create', 'no_session'].map((prompt) => [
      `the prompt ${prompt}`,
      { ...USER_READ, prompt, loginHint: 'alice@contoso.example' },
    ]),
  ),
  'a session': { ...USER_READ, sid: 'of-the-provider' },
  'a session without the user': { ...USER_READ, sid: 'of-the-provider', prompt: 'none' },
  'a session and a login hint': { ...USER_READ, sid: 'a', loginHint: 'alice@contoso.example' },
  'a domain': { ...USER_READ, domainHint: 'contoso.example' },
  'hints as further parameters': {
    ...USER_READ,
    extraQueryParameters: { login_hint: 'alice@contoso.example', domain_hint: 'a', scope: 'b' },
  },
  'further parameters': { ...USER_READ, extraParameters: { slice: 'test' } },
  'another tenant': { ...USER_READ, authority },
  'another redirect page': { ...USER_READ, redirectUri: '/' },
  'a start page': { ...USER_READ, redirectStartPage: '/elsewhere' },
  'an authority without TLS': { ...USER_READ, authority: 'http://login.example.com/a' },
  'an authority that is no URL': { ...USER_READ, authority: 'elsewhere' },
  'an account': { ...USER_READ, account: stored(authority) },
  'an account with a login hint': {
    ...USER_READ,
    loginHint: 'alice@contoso.example',
    account: stored(authority, { loginHint: 'O.zoe' }),
  },
  'an account with claims, and a domain': {
    ...USER_READ,
    domainHint: 'contoso.example',
    account: stored(authority, { idTokenClaims: { login_hint: 'O.zoe', sid: 'of-zoe' } }),
  },
  'the session of an account': {
    ...USER_READ,
    prompt: 'none',
    account: stored(authority, { idTokenClaims: { sid: 'of-zoe' } }),
  },
})

const signOuts = (authority: string): Readonly<Record<string, object>> => ({
  'no option': {},
  'all options': {
    postLogoutRedirectUri: '/bye',
    logoutHint: 'O.zoe',
    extraQueryParameters: { slice: 'test' },
  },
  'no page afterwards': { postLogoutRedirectUri: null },
  'another tenant': { authority },
  'an account': { account: stored(authority, { idTokenClaims: { login_hint: 'O.zoe' } }) },
})

/** The request without the routing hint of Entra: Carnet derives it from the login hint. */
const withoutRouting = (sent: object) =>
  Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'X-AnchorMailbox'))

async function requests(lab: Lab, authority: string): Promise<Observations> {
  await lab.starts({ keepsPage: true, hash: '#/start' })
  const all = [
    ['loginRedirect', signIns(authority)],
    ['acquireTokenRedirect', { 'a token': USER_READ }],
    ['logoutRedirect', signOuts(authority)],
  ] as const
  for (const [method, asked] of all)
    for (const [name, request] of Object.entries(asked)) {
      await lab.calls(`${method}: ${name}`, method, request)
      lab.seen[`${method}: ${name}: sent`] = (await lab.left()).map(withoutRouting)
      await lab.forgets()
    }
  return lab.seen
}

story('The requests of an app are the requests of MSAL', async ({ browser, world }) => {
  await world.idp.control.reset()
  const authority = world.idp.authority('guest')
  const seen = await withBoth(browser, (page, library) =>
    requests(createLab(page, world, library), authority),
  )
  expectSame(seen)
})
