import { test } from '@playwright/test'
import { expect, storiesOf } from '../../bindings-world.ts'
import { holdRequests } from '../../steps/hold-requests.ts'
import { noteShownTexts } from '../../steps/shown-texts.ts'

const { step } = test
/** The code of the error, and the number of attempts. */
const REQUIRED_ONCE = /^\w+_required 1$/

const story = storiesOf('routers', 'tanstack/')

story('TanStack Query shows no user the data of another user', async ({ user }) => {
  const { page } = user
  const shown = await noteShownTexts(page)
  await user.signsIn()
  await user.follows('Data')
  await user.sees('Data of alice')
  await step('the data goes with the account', async () => {
    const held = holdRequests()
    await page.route('**/api/echo', held.hold)
    await user.addsAccount('Bob Brown')
    await user.sees('Signed in as bob@example.com')
    await user.sees('No data')
    held.release()
    await user.sees('Data of bob')
  })
  await step('an answer for the account before is not shown', async () => {
    await user.clicks('Use alice@example.com')
    await user.sees('Data of alice')
    const held = holdRequests()
    await page.unrouteAll()
    await page.route('**/api/echo', held.hold)
    const asks = page.waitForRequest('**/api/echo')
    await user.clicks('Use bob@example.com')
    await asks
    await user.clicks('Use alice@example.com')
    await user.sees('Signed in as alice@example.com')
    await user.sees('No data')
    held.release()
    await user.sees('Data of alice')
  })
  await step('a sign-out removes the data', async () => {
    await page.unrouteAll()
    const other = await user.anotherTab('/')
    await other.clicks('Sign out')
    await user.sees('Signed in as nobody')
    await user.seesAlert(REQUIRED_ONCE)
  })
  expect(await shown()).not.toMatch(
    /Data of alice, shown to (?!alice)|Data of bob, shown to (?!bob)/,
  )
})

story('TanStack Query does not repeat a call that needs the user', async ({ user }) => {
  const { idp } = user
  await user.signsIn()
  await idp.control.revokeRefreshTokens({})
  await idp.control.endSessions({})
  await idp.control.revokeAccessTokens()
  await user.follows('Data')
  await user.seesAlert(REQUIRED_ONCE)
})
