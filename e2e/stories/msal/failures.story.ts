import type { Fault } from '@carnet/idp'
import { type EntraWorld, entraStory as story } from '../../entra-world.ts'
import { expectSame, withBoth } from '../../steps/both-libraries.ts'
import { createLab, type Lab, type Observations } from '../../steps/msal-lab.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'

const USER_READ = { scopes: ['User.Read'] }

const refusal = (error: string, code: number, more: object = {}): Fault => ({
  kind: 'respond',
  status: 400,
  body: { error, error_description: `AADSTS${code}: Refused.`, error_codes: [code], ...more },
})

/** The refusals and failures of the token endpoint. */
const ANSWERS: Readonly<Record<string, Fault>> = {
  'a refresh token that has expired': refusal('invalid_grant', 700084, { suberror: 'bad_token' }),
  'a missing consent': refusal('invalid_grant', 65001, { suberror: 'consent_required' }),
  'another factor': refusal('interaction_required', 50076, {
    suberror: 'basic_action',
    claims: '{"access_token":{"acrs":{"essential":true}}}',
  }),
  'a refused scope': refusal('invalid_scope', 70011),
  'a failure of the provider': {
    kind: 'respond',
    status: 500,
    body: { error: 'server_error', error_description: 'Failed.' },
  },
  'the page of a proxy': { kind: 'respond', status: 503, body: '<html>' },
  'a broken connection': { kind: 'reset' },
}

/** The refusals of the authorization endpoint. */
const REFUSALS: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'a user who declines': { error: 'access_denied', error_description: 'Declined.' },
  'another factor': {
    error: 'interaction_required',
    error_description: 'Refused.',
    suberror: 'basic_action',
  },
  'a failure of the provider': { error: 'server_error', error_description: 'Failed.' },
}

/** Silent calls that the provider refuses: by the refresh token only, and with the iframe behind it. */
async function asksInVain(lab: Lab, { idp }: EntraWorld): Promise<void> {
  for (const [name, fault] of Object.entries(ANSWERS))
    for (const more of [{ cacheLookupPolicy: 3 }, { forceRefresh: true }]) {
      // A refused refresh token is gone afterwards.
      await lab.page.evaluate((asked) => window.lab.app().ssoSilent(asked), USER_READ)
      await lab.page.evaluate(() => window.lab.events())
      // Carnet tries again by itself, so that the fault must last.
      await idp.control.addFault({ endpoint: 'token', count: 6, fault })
      const request = { ...USER_READ, ...more }
      const way = 'forceRefresh' in more ? 'any way' : 'the refresh token'
      await lab.callsForAccount(`${name}, by ${way}`, 'acquireTokenSilent', request)
      await idp.control.clearFaults()
    }
}

/** Popups and iframes that the provider refuses. */
async function interactsInVain(lab: Lab, { idp }: EntraWorld): Promise<void> {
  for (const [name, set] of Object.entries(REFUSALS))
    for (const method of ['loginPopup', 'ssoSilent']) {
      const fault: Fault = { kind: 'authorizationResponse', set: { code: null, ...set } }
      await idp.control.addFault({ endpoint: 'authorization', fault })
      await lab.calls(`${name}: ${method}`, method, USER_READ)
    }
}

async function fails(lab: Lab, world: EntraWorld): Promise<Observations> {
  const { control } = world.idp
  await control.reset()
  await control.changeSettings({ consent: 'skip' })
  await lab.starts({ hash: '' })
  const opening = lab.page.waitForEvent('popup')
  const signingIn = lab.calls('a sign-in', 'loginPopup', USER_READ)
  await signInAtProvider(await opening, 'Alice Adams')
  await signingIn
  await asksInVain(lab, world)
  await interactsInVain(lab, world)
  await control.revokeRefreshTokens()
  const forced = { ...USER_READ, forceRefresh: true }
  await lab.callsForAccount('a session without a refresh token', 'acquireTokenSilent', forced)
  await control.revokeRefreshTokens()
  await control.endSessions()
  await lab.callsForAccount('no session', 'acquireTokenSilent', forced)
  await lab.callsForAccount('no session: ssoSilent', 'ssoSilent', USER_READ)
  return lab.seen
}

story('The failures of an app are the failures of MSAL @thorough', async ({ browser, world }) => {
  story.setTimeout(90_000) // Two long days.
  const seen = await withBoth(browser, (page, library) =>
    fails(createLab(page, world, library), world),
  )
  expectSame(seen)
})
