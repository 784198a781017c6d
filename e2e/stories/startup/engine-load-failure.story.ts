import { expect, story } from '../../world.ts'

story('A chunk that fails to load gives an `AuthError`', async ({ app, context }) => {
  await app.page.route('**/assets/engine-*.js', (route) => route.abort())
  await app.starts()
  const { error } = await app.calls('signIn', { interaction: 'popup' })
  expect(error).toMatchObject({ name: 'AuthError', code: 'part_not_loaded' })
  await expect.poll(() => context.pages()).toHaveLength(1)
})
