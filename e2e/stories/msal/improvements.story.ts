import { expect, entraStory as story } from '../../entra-world.ts'
import { createLab } from '../../steps/msal-lab.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

story('Equal requests share a popup, and a closed popup is noticed', async ({ page, world }) => {
  await world.idp.control.reset()
  const lab = createLab(page, world, 'carnet')
  await lab.starts({ hash: '' })
  const closing = page.waitForEvent('popup')
  const cancelled = lab.calls('a closed popup', 'loginPopup', { scopes: ['User.Read'] })
  await (await closing).close()
  await cancelled
  expect(lab.seen['a closed popup']).toMatchObject({
    error: { classes: ['BrowserAuthError', 'AuthError'], errorCode: 'user_cancelled' },
    events: [
      { eventType: 'msal:acquireTokenStart', payload: 'request', status: 'acquireToken' },
      { eventType: 'msal:popupOpened', payload: 'popup' },
      { eventType: 'msal:acquireTokenFailure', error: 'user_cancelled', status: 'none' },
    ],
  })

  const opening = page.waitForEvent('popup')
  const both = page.evaluate(async () => {
    const request = { scopes: ['User.Read'] }
    const app = window.lab.app()
    const results = await Promise.all([app.loginPopup(request), app.loginPopup(request)])
    return [results.map(({ account }) => account.username), window.lab.events()] as const
  })
  const popup = await opening
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  const [names, events] = await both
  expect(names).toEqual(['alice@contoso.example', 'alice@contoso.example'])
  expect(events).toMatchObject([
    { eventType: 'msal:acquireTokenStart', interactionType: 'popup', payload: 'request' },
    { eventType: 'msal:popupOpened', interactionType: 'popup', payload: 'popup' },
    { eventType: 'msal:acquireTokenSuccess', interactionType: 'popup', payload: 'result' },
    { eventType: 'msal:loginSuccess', interactionType: 'popup', payload: 'account' },
  ])
  expect((await world.idp.control.stats()).tokenGrants.authorization_code).toBe(1)
})
