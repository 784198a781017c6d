import { expect, entraStory as story } from '../../entra-world.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

story('A page without a bundler signs in with the global `msal`', async ({ page, world }) => {
  const { idp, bareUrl } = world
  await idp.control.reset()
  await page.goto(`${bareUrl}no-bundler/msal.html#${idp.authority('home')}`)
  await expect(page.locator('output')).toHaveText('signed out')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.locator('output')).toHaveText('came back as alice@contoso.example')
})
