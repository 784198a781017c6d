import { expect, entraStory as story } from '../../entra-world.ts'
import type { App } from '../../steps/app.ts'
import { byPopup } from '../../steps/entra.ts'
import { allowAtProvider, denyAtProvider } from '../../steps/provider-pages.ts'

const FOR_ADMINS = ['Directory.Read.All']

const plan = ({ page }: App, scopes: readonly string[]) =>
  page.evaluate(async (asked) => {
    const plans = await window.auth.consent.plan(asked)
    return plans.map(({ status }) => status)
  }, scopes)

story(
  'The error of a silent call and of a popup says that an administrator must consent',
  async ({ app }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    await app.idp.control.resetStats()
    for (let call = 0; call < 2; call++)
      expect((await app.asks(FOR_ADMINS)).error).toMatchObject({
        code: 'interaction_required',
        reason: 'admin_consent',
      })
    expect((await app.requests()).refresh_token).toBe(1)

    const request = { scopes: FOR_ADMINS, interaction: 'popup' }
    const { popup, outcome } = await app.opensPopupBy('acquireToken', request)
    await expect(popup.getByText('Need admin approval')).toBeVisible()
    await popup.getByRole('button', { name: 'Return to the application' }).click()
    expect((await outcome).error).toMatchObject({ reason: 'admin_consent' })
    // The user declined no scope, and the earlier token is still cached.
    expect(await plan(app, [...FOR_ADMINS, 'User.Read'])).toEqual(['prompt'])
    expect((await app.asks(['User.Read'])).answer?.fromCache).toBe(true)
  },
)

story(
  'After Alice declines, silent calls do not ask again, and a popup may ask again',
  async ({ app }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    const request = { scopes: ['Mail.Read', 'User.Read'], interaction: 'popup' }
    const asking = await app.opensPopupBy('acquireToken', request)
    await denyAtProvider(asking.popup)
    expect((await asking.outcome).error).toMatchObject({ code: 'access_denied' })
    expect(await plan(app, ['Mail.Read'])).toEqual(['declined'])
    expect(await plan(app, ['User.Read'])).toEqual(['cached'])

    await app.idp.control.resetStats()
    expect((await app.asks(['Mail.Read'])).error).toMatchObject({ reason: 'consent' })
    const forced = await app.asks(['mail.read'], { forceRefresh: true })
    expect(forced.error).toMatchObject({ reason: 'consent' })
    expect(await app.requests()).toMatchObject({ token: 0, authorization: 0 })

    // A silent call returns the granted scopes, and reports the declined scopes.
    const { scopes } = request
    expect((await app.calls('acquireToken', request)).answer?.declinedScopes).toEqual(['Mail.Read'])
    const again = await app.opensPopupBy('acquireTokenPopup', { scopes })
    await allowAtProvider(again.popup)
    expect((await again.outcome).answer?.declinedScopes).toEqual([])
    expect(await plan(app, ['Mail.Read'])).toEqual(['cached'])
  },
)

story(
  '`forceRefresh` gets a token after an administrator has consented',
  async ({ app, world }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    const scopes = [`${world.idp.api}/api.read`]
    expect((await app.asks(scopes)).error).toMatchObject({ reason: 'consent' })
    await app.idp.control.changeSettings({ consent: 'skip' })
    expect((await app.asks(scopes)).error).toMatchObject({ reason: 'consent' })
    expect((await app.asks(scopes, { forceRefresh: true })).answer?.scopes).toEqual(scopes)
  },
)

story(
  'A guest passes on the request of the error, and consents in that tenant',
  async ({ app, world }) => {
    const { idp } = world
    const atHome = await byPopup(
      app,
      'Carol Clark',
      { scopes: ['User.Read'] },
      { authority: idp.authority('guest') },
    )
    const request = { scopes: ['User.Read'], authority: idp.authority('home') }
    const { failed, popup, outcome } = await app.passesOn(request)
    expect(failed.code).toBe('interaction_required')
    await allowAtProvider(popup)
    const { answer } = await outcome
    expect(answer?.tenantId).toBe(idp.tenants.home.id)
    expect(answer?.account.homeAccountId).toBe(atHome.account.homeAccountId)

    // The next request for the guest names no tenant, and uses the tenant of the guest.
    const again = await app.passesOn({ scopes: ['Mail.Read'] }, idp.tenants.home.id)
    expect(again.failed).toMatchObject({ reason: 'consent' })
    await allowAtProvider(again.popup)
    expect((await again.outcome).answer?.tenantId).toBe(idp.tenants.home.id)
  },
)
