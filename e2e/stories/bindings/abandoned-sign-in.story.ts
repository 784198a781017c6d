import { BINDING_APPS } from '../../../scripts/binding-apps.mjs'
import { expect, storiesOf } from '../../bindings-world.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'

for (const app of BINDING_APPS) {
  const story = storiesOf(app)
  story(
    `${app}: a link after an abandoned sign-in keeps parameters that look like a response`,
    { tag: app === 'react' ? '@usual' : '@thorough' },
    async ({ user: { page, idp, url, ...user } }) => {
      await idp.control.changeSettings({ signInAs: null })
      await user.enters('/profile')
      await expect(page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
      // The tab still waits for a response. So the client removes the parameters until it has parsed them.
      await user.enters('/profile?code=SUMMER&state=NY#part')
      await signInAtProvider(page, 'Alice Adams')
      await user.sees('Profile of alice@example.com')
      expect(page.url()).toBe(`${url}profile?code=SUMMER&state=NY#part`)
    },
  )
}
