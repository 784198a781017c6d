import { BINDING_APPS } from '../../../scripts/binding-apps.mjs'
import { storiesOf } from '../../bindings-world.ts'

/** `npm test` tells the stories for two bindings, as those of the behaviours. */
const USUAL = ['react', 'angular']

for (const name of BINDING_APPS) {
  const app = USUAL.includes(name) ? name : `${name} @thorough`

  storiesOf(name)(
    `${app}: the example of the documents works without the pages of the suite`,
    async ({ example }) => {
      await example.opens('/')
      await example.seesButton('Sign in with a popup')
      await example.follows('Profile')
      await example.sees('Profile of alice@example.com')
      await example.follows('Token')
      await example.tokenUntil()
      await example.follows('Home')
      await example.clicks('Sign out')
      await example.seesButton('Sign in')
    },
  )
}
