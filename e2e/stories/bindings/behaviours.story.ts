import { test } from '@playwright/test'
import { BINDING_APPS } from '../../../scripts/binding-apps.mjs'
import { expect, storiesOf } from '../../bindings-world.ts'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { noteShownTexts } from '../../steps/shown-texts.ts'

/** A behaviour that every binding shows. `scripts/behaviours.test.mjs` counts them. */
const behaviour = test.step

/** `npm test` tells the stories for two bindings: one that renders components again, and one with signals. */
const USUAL = ['react', 'angular']

for (const name of BINDING_APPS) {
  const story = storiesOf(name)
  const app = USUAL.includes(name) ? name : `${name} @thorough`

  story(
    `${app}: a user signs in by redirect, reads pages, and sees no wrong content`,
    async ({ user }) => {
      const shown = await noteShownTexts(user.page)
      await behaviour('1 the first visit shows no wrong content', async () => {
        await user.opens('/?tab=1#part')
        await user.seesButton('Sign in with a popup')
        expect(await shown()).not.toMatch(/Signed in|Profile of|undefined/)
      })
      await behaviour('2 a sign-in by redirect returns to its page', async () => {
        await user.clicks('Sign in')
        await user.sees('Signed in as alice@example.com')
        expect(user.page.url()).toBe(`${user.url}?tab=1#part`)
        expect(await shown()).not.toMatch(/Sign in/)
      })
      await behaviour('5 a reload stays signed in, without a request to the provider', async () => {
        await user.idp.control.resetStats()
        await user.page.reload()
        await user.sees('Signed in as alice@example.com')
        expect(await shown()).not.toMatch(/Sign in/)
      })
      await behaviour('7 a guarded route of a signed-in user sends no request', async () => {
        await user.follows('Profile')
        await user.sees('Profile of alice@example.com')
      })
      await behaviour('10 a token is shown', async () => {
        await user.follows('Token')
        expect(Date.parse(await user.tokenUntil())).toBeGreaterThan(Date.now())
        expect(await user.requests()).toEqual([])
      })
    },
  )

  story(`${app}: a renewed token reaches its readers only`, async ({ user }) => {
    await user.signsIn()
    await user.follows('Token')
    const before = await user.tokenUntil()
    const renders = await user.renders()
    await behaviour('11 the reader shows the renewed token', async () => {
      await user.renews()
      await expect.poll(() => user.tokenUntil()).not.toBe(before)
    })
    await behaviour('12 nothing else renders', async () => {
      const after = await user.renders()
      expect(after.Nav).toBe(renders.Nav)
      if (renders.Token) expect(after.Token).toBeGreaterThan(renders.Token)
    })
  })

  story(`${app}: a user signs in with a popup`, async ({ user }) => {
    await user.opens('/')
    await behaviour('4 a closed popup shows `user_cancelled`', async () => {
      await user.idp.control.changeSettings({ signInAs: null })
      const popup = await user.opensPopup('Sign in with a popup')
      await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
      await popup.close()
      await user.seesAlert('user_cancelled')
    })
    await behaviour('3 a popup signs the user in', async () => {
      await user.idp.control.changeSettings({ signInAs: 'alice' })
      await user.opensPopup('Sign in with a popup')
      await user.sees('Signed in as alice@example.com')
      await expect(user.page.getByRole('alert')).toHaveCount(0)
    })
    await behaviour('25 an offline start has the account and the cached token', async () => {
      await user.page.route(`${user.idp.issuer}/**`, (route) => route.abort())
      await user.opens('/token')
      await user.tokenUntil()
      await user.follows('Home')
      await user.sees('Signed in as alice@example.com')
    })
  })

  story(`${app}: a deep link to a guarded page`, async ({ user }) => {
    const { page, idp } = user
    await behaviour('9 a user who cancels at the provider sees an error, and no loop', async () => {
      await idp.control.changeSettings({ signInAs: null })
      await user.enters('/profile')
      await cancelAtProvider(page)
      await user.seesAlert('access_denied')
      expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1 } })
    })
    const tab = await user.anotherTab(null)
    const deep = `${user.url}profile?x=1#part`
    const seesDeepPage = async () => {
      await tab.sees('Profile of alice@example.com')
      await tab.sees('?x=1')
      expect(tab.page.url()).toBe(deep)
    }
    await behaviour('6 the user signs in and sees the same path, query and fragment', async () => {
      await idp.control.changeSettings({ signInAs: 'alice' })
      await tab.enters('/profile?x=1#part')
      await seesDeepPage()
    })
    await behaviour('8 the back button does not return to the provider', async () => {
      await idp.control.resetStats()
      await tab.follows('Home')
      await expect(tab.page).toHaveURL(user.url)
      await tab.page.goBack()
      await seesDeepPage()
      // The entry of the first visit. Its guard now lets the user pass.
      await tab.page.goBack()
      await seesDeepPage()
      expect(await user.requests()).toEqual([])
      await tab.page.goBack()
      expect(tab.page.url()).toBe('about:blank')
    })
  })

  story(`${app}: two mounted apps of one page send one authorization request`, async ({ user }) => {
    const { page, idp } = user
    await behaviour('21 two mounts and checks of development start one sign-in', async () => {
      await idp.control.changeSettings({ signInAs: null })
      await page.addInitScript(() => {
        const double = () => {
          const app = document.querySelector('.app')
          if (document.readyState === 'interactive') app?.after(app.cloneNode())
        }
        document.addEventListener('readystatechange', double)
      })
      await user.enters('/profile')
      await signInAtProvider(page, 'Alice Adams')
      await user.sees('Profile of alice@example.com')
      expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1, token: 1 } })
      await page.reload()
      await expect(page.getByText('Profile of alice@example.com')).toHaveCount(2)
    })
  })

  story(`${app}: two tabs follow each other`, async ({ user }) => {
    await user.opens('/')
    await user.seesButton('Sign in')
    const other = await user.anotherTab('/')
    await other.seesButton('Sign in')
    await behaviour('14 a sign-in shows in another tab', async () => {
      await user.clicks('Sign in')
      await user.sees('Signed in as alice@example.com')
      await other.sees('Signed in as alice@example.com')
    })
    await behaviour('13 a sign-out shows in another tab', async () => {
      await user.clicks('Sign out')
      await other.seesButton('Sign in')
      await user.seesButton('Sign in')
    })
    await behaviour('15 another account becomes active', async () => {
      await user.clicks('Sign in')
      await user.sees('Signed in as alice@example.com')
      await user.addsAccount('Bob Brown')
      await user.sees('Signed in as bob@example.com')
      await user.clicks('Use alice@example.com')
      await user.sees('Signed in as alice@example.com')
    })
    await behaviour('16 the token follows the active account', async () => {
      await other.follows('Token')
      const before = await other.tokenUntil()
      await user.clicks('Use bob@example.com')
      await expect.poll(() => other.tokenUntil()).not.toBe(before)
      await user.clicks('Use alice@example.com')
      await expect.poll(() => other.tokenUntil()).toBe(before)
    })
  })

  story(`${app}: a component calls an API`, async ({ user }) => {
    const { page, idp } = user
    await user.signsIn()
    await user.follows('Report')
    await behaviour('20 a component that ends aborts its request', async () => {
      await idp.control.addFault({ endpoint: 'api', fault: { kind: 'hang' } })
      const sent = page.waitForRequest(/step-up/)
      const aborted = page.waitForEvent('requestfailed', (request) => /step-up/.test(request.url()))
      await user.clicks('Show the report')
      await sent
      await user.clicks('Hide the report')
      expect((await aborted).failure()?.errorText).toBe('net::ERR_ABORTED')
      await idp.control.clearFaults()
      // It takes its challenge along.
      await user.clicks('Show the report')
      await expect(page.getByRole('dialog')).toBeVisible()
      await user.clicks('Hide the report')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    })
    await behaviour('19 a refused challenge ends the call', async () => {
      await user.clicks('Show the report')
      await expect(page.getByRole('dialog')).toBeVisible()
      await user.clicks('Refuse')
      await user.sees('Report: user_cancelled')
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await user.clicks('Hide the report')
    })
    await behaviour('18 after a confirmed challenge the call goes on', async () => {
      await user.clicks('Show the report')
      await user.opensPopup('Confirm')
      await user.sees('Report: 200')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    })
  })

  story(`${app}: tokens need the user`, async ({ user, mayReport }) => {
    const { idp } = user
    await user.signsIn()
    await behaviour('17 a component that needs another scope asks the user', async () => {
      await idp.control.changeSettings({ consent: 'ask' })
      await user.opens('/token?scope=mail.read')
      await allowAtProvider(await user.opensPopup('Allow'))
      await user.tokenUntil()
    })
    await idp.control.changeSettings({ consent: 'skip' })
    await behaviour('23 the error boundary gets the error of a token', async () => {
      mayReport(/invalid_request|AuthError/)
      await user.opens('/token?scope=%22') // No scope may have this character (RFC 6749 section 3.3).
      await user.seesAlert('invalid_request')
    })
    await behaviour(
      '24 after an expired session the user is asked, and the page works',
      async () => {
        await idp.control.revokeRefreshTokens({})
        await idp.control.endSessions({})
        await idp.control.changeSettings({ signInAs: null })
        await user.opens('/token?scope=calendar.write')
        await signInAtProvider(await user.opensPopup('Allow'), 'Alice Adams')
        await user.tokenUntil()
      },
    )
  })
}
