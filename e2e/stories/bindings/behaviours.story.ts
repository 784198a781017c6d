import { test } from '@playwright/test'
import { BINDING_APPS } from '../../../scripts/binding-apps.mjs'
import { expect, storiesOf } from '../../bindings-world.ts'
import { noteShownTexts } from '../../steps/shown-texts.ts'

/** A behaviour that every binding shows. `docs/frameworks.md` has the list. */
const behaviour = test.step

for (const name of BINDING_APPS) {
  const story = storiesOf(name)

  story(
    `${name}: a user signs in by redirect, reads pages, and sees no wrong content`,
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

  story(`${name}: a renewed token reaches its readers only`, async ({ user }) => {
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
}
