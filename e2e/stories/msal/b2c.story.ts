import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import { expectSame } from '../../steps/both-libraries.ts'
import { browserByNames } from '../../steps/browser/browser-by-names.ts'
import { createLab, type Lab } from '../../steps/msal-lab.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'

const DIRECTORY = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/'
const SIGN_IN = `${DIRECTORY}B2C_1_signin`
const EDIT = `${DIRECTORY}B2C_1_edit`

/** Signs in by one policy, and then by another, as apps of Azure AD B2C do to edit the profile. */
async function usesPolicies(lab: Lab, scopes: readonly string[]): Promise<void> {
  const { page } = lab
  await lab.starts({ hash: '' })
  const opening = page.waitForEvent('popup')
  const signingIn = lab.calls('a sign-in', 'loginPopup', { scopes })
  await signInAtProvider(await opening, 'Alice Adams')
  await signingIn
  await lab.callsForAccount('a cached token', 'acquireTokenSilent', { scopes })
  await lab.callsForAccount('a cached token of the policy', 'acquireTokenSilent', {
    scopes,
    authority: SIGN_IN,
  })
  await lab.callsForAccount('a new token', 'acquireTokenSilent', { scopes, forceRefresh: true })
  await lab.calls('another policy', 'loginPopup', { scopes: [], authority: EDIT })
  await lab.calls('the accounts', 'getAllAccounts')
  await lab.calls('the accounts of the policy', 'getAllAccounts', { tenantId: 'b2c_1_edit' })
  await lab.calls('the accounts of no tenant', 'getAllAccounts', { tenantId: 'elsewhere' })
}

/** The users and their tokens in a page of the library. */
async function held(lab: Lab, scopes: readonly string[]): Promise<unknown> {
  await lab.starts({ hash: '' })
  return lab.page.evaluate(async (asked) => {
    const app = window.lab.app()
    const accounts = app
      .getAllAccounts()
      .sort((one, other) => (one.tenantId < other.tenantId ? 1 : -1))
    const [account] = accounts
    const request = { scopes: [...asked], ...(account && { account }) }
    const { fromCache } = await app.acquireTokenSilent(request)
    const renewed = await app.acquireTokenSilent({ ...request, forceRefresh: true })
    return [accounts.map(({ homeAccountId }) => homeAccountId), fromCache, renewed.fromCache]
  }, scopes)
}

/** A day with the original, and the switch; or a day with Carnet. */
async function aDay({ idp, bareUrl }: EntraWorld, library: string) {
  await idp.control.reset()
  await idp.control.changeSettings({ consent: 'skip' })
  const scopes = [`${idp.api}/api.read`]
  const world = { bareUrl, idp: { authority: () => SIGN_IN } }
  const browser = await browserByNames(['b2clogin.com'], idp.port)
  const lab = createLab(await browser.context.newPage(), world, library)
  await usesPolicies(lab, scopes)
  const before = await held(lab, scopes)
  const after = await held(createLab(lab.page, world, 'carnet'), scopes)
  await browser.close()
  return { seen: lab.seen, before, after }
}

story(
  'An app of Azure AD B2C sees the same, and its users stay signed in @thorough',
  async ({ world }) => {
    story.setTimeout(60_000) // Two browsers, each with several page loads.
    const original = await aDay(world, 'original')
    const carnet = await aDay(world, 'carnet')
    expectSame({ original: original.seen, carnet: carnet.seen })
    expect(original.after).toEqual(original.before)
    expect(carnet.before).toEqual(original.before)
  },
)
