import { expect, storiesOf } from '../../bindings-world.ts'
import { cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

const story = storiesOf('react')

story(
  'react: a component that requires an account starts one sign-in',
  async ({ user, mayReport }) => {
    const { page, idp } = user
    mayReport(/access_denied/) // React reports each error that a boundary catches.
    await idp.control.changeSettings({ signInAs: null })

    await user.enters('/required')
    await cancelAtProvider(page)
    await user.seesAlert('access_denied')
    expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 1 } })

    await user.enters('/required?x=1#part')
    await signInAtProvider(page, 'Alice Adams')
    await user.sees('Only for users')
    expect(page.url()).toBe(`${user.url}required?x=1#part`)
    // The checks of StrictMode run each effect twice.
    expect(await idp.control.stats()).toMatchObject({ counts: { authorization: 2, token: 1 } })

    await idp.control.resetStats()
    await page.reload()
    await user.sees('Only for users')
    expect(await user.requests()).toEqual([])
  },
)
