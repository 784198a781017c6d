import type { Snapshot } from '@carnet/browser'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

declare global {
  interface Window {
    /** Each snapshot of the event `changed`, once. */
    snapshots: Snapshot[]
  }
}

story('The snapshot shows a cancelled sign-in and a successful sign-in', async ({ app }) => {
  await app.starts()
  await app.page.evaluate(() => {
    window.snapshots = [window.auth.snapshot()]
    window.auth.on('changed', (snapshot) => {
      if (snapshot !== window.snapshots.at(-1)) window.snapshots.push(snapshot)
    })
  })
  const given = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await given.popup.close()
  await given.outcome
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  await outcome

  const seen = await app.page.evaluate(() => {
    const { auth, snapshots } = window
    const { renewals } = auth
    return {
      isFrozen: Object.isFrozen(renewals) && snapshots.every(Object.isFrozen),
      isSame: renewals === auth.renewals && auth.snapshot().accounts === auth.accounts,
      isLast: snapshots.at(-1) === auth.snapshot(),
      told: snapshots.map(({ status, account, interaction, error }) =>
        [status, account?.username, interaction, error?.code].map((text) => text ?? '-').join(' '),
      ),
    }
  })
  expect(seen).toMatchObject({ isFrozen: true, isSame: true, isLast: true })
  expect(seen.told.slice(0, 5)).toEqual([
    'signedOut - - -',
    'signedOut - popup -',
    'signedOut - - -',
    'signedOut - - user_cancelled',
    'signedOut - popup -',
  ])
  expect(seen.told.at(-1)).toBe('signedIn alice@example.com - -')
})

story('A client works after the user cancels the redirect at the provider', async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', {})
  await cancelAtProvider(app.page)
  await app.returnsTo()
  await app.starts()
  const seen = await app.page.evaluate(() => {
    const { redirectError, redirectResult } = window.auth
    const { status, error } = window.auth.snapshot()
    return { code: redirectError?.code, redirectResult, status, isShown: error === redirectError }
  })
  expect(seen).toEqual({
    code: 'access_denied',
    redirectResult: null,
    status: 'signedOut',
    isShown: true,
  })
  // The same client signs in.
  await app.leavesBy('signIn', {})
  await signInAtProvider(app.page, 'Alice Adams')
})
