import { test } from '@playwright/test'
import { ROUTERS } from '../../../scripts/binding-apps.mjs'
import { expect, storiesOf } from '../../bindings-world.ts'
import { holdRequests } from '../../steps/hold-requests.ts'
import { cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

const { step } = test

/** `npm test` tells the stories for the routers of React. */
const tagOf = (router: string) => (router === 'vue-router' ? '@thorough' : '@usual')

/** React and the routers log the error of a route. */
const OF_ROUTER = /AuthError: The provider answered|Error in route match|VUE_ROUTER_R0011/

for (const name of ROUTERS) {
  const story = storiesOf('routers', `${name}/`)
  const tag = tagOf(name)

  story(
    `${name}: a deep link to a guarded route comes back`,
    { tag },
    async ({ user, mayReport }) => {
      const { page, idp } = user
      mayReport(OF_ROUTER)
      await step('a user who cancels sees an error, and no loop', async () => {
        await idp.control.changeSettings({ signInAs: null })
        await user.enters('/profile')
        await cancelAtProvider(page)
        await user.seesAlert('access_denied')
        expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1 } })
      })
      await step('after a sign-in the path, the query and the fragment are the same', async () => {
        await idp.control.changeSettings({ signInAs: 'alice' })
        await idp.control.resetStats()
        await user.enters('/profile?x=1#part')
        await user.sees('Profile of alice@example.com')
        await user.sees('Signed in as alice@example.com, router: alice@example.com')
        expect(page.url()).toBe(`${user.url}profile?x=1#part`)
        expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1, token: 1 } })
      })
      await step('the back button stays in the app', async () => {
        await idp.control.resetStats()
        await user.follows('Home')
        await user.sees('Home page')
        await page.goBack()
        await user.sees('Profile of alice@example.com')
        await page.goBack()
        await user.sees('Profile of alice@example.com')
        expect(page.url()).toContain(user.url)
        expect(await user.requests()).toEqual([])
      })
    },
  )

  story(`${name}: the context of the router follows the session`, { tag }, async ({ user }) => {
    const { page, idp } = user
    const isBoth = (who: string) => user.sees(`Signed in as ${who}, router: ${who}`)
    await user.opens('/')
    await isBoth('nobody')
    await step('a guard that runs right after the sign-in knows the account', async () => {
      await idp.control.resetStats()
      await user.opensPopup('Sign in and open the profile')
      await user.sees('Profile of alice@example.com')
      await isBoth('alice@example.com')
      expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1 } })
    })
    const other = await user.anotherTab('/')
    await step('a guarded route asks who the user is when another tab signs out', async () => {
      await idp.control.changeSettings({ signInAs: null })
      const provider = holdRequests()
      await other.page.route('**/session/end*', provider.hold)
      await other.clicks('Sign out')
      // The session of the provider still lives: it must not sign the user in again.
      await expect(page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
      provider.release()
      await other.sees('Signed in as nobody, router: nobody')
      await user.enters('/profile')
      await signInAtProvider(page, 'Alice Adams')
      await user.sees('Profile of alice@example.com')
      await other.sees('Signed in as alice@example.com, router: alice@example.com')
    })
    await step('a sign-out on a guarded route ends at the start page', async () => {
      await user.clicks('Sign out')
      await isBoth('nobody')
      expect(page.url()).toBe(user.url)
      await user.clicks('Sign in')
      await signInAtProvider(page, 'Alice Adams')
      await isBoth('alice@example.com')
    })
    await step('an open route only shows it', async () => {
      await user.sees('Home page')
      await other.clicks('Sign out')
      await isBoth('nobody')
    })
    await step('the pointer over a link starts no sign-in, and a click starts one', async () => {
      await other.sees('Signed in as nobody')
      await idp.control.resetStats()
      await page.getByRole('link', { name: 'Profile' }).hover()
      await isBoth('nobody')
      expect(await user.requests()).toEqual([])
      await user.follows('Profile')
      await signInAtProvider(page, 'Alice Adams')
      await user.sees('Profile of alice@example.com')
      expect(page.url()).toBe(`${user.url}profile`)
    })
    await step('another account becomes active', async () => {
      await user.addsAccount('Bob Brown')
      await isBoth('bob@example.com')
      await user.sees('Profile of bob@example.com')
      await user.clicks('Use alice@example.com')
      await isBoth('alice@example.com')
      await user.sees('Profile of alice@example.com')
      await other.sees('Signed in as alice@example.com, router: alice@example.com')
    })
  })
}
