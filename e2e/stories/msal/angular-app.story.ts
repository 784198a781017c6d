import { expect, entraStory as story } from '../../entra-world.ts'
import { withBoth } from '../../steps/both-libraries.ts'
import { aDay } from '../../steps/msal-angular-day.ts'

story('An app of msal-angular shows and sends the same on Carnet', async ({ browser, world }) => {
  story.setTimeout(90_000) // Two days, each with several page loads.
  const days = await withBoth(browser, (page, library) => aDay(page, world, library))
  expect(days.carnet).toEqual(days.original)
  expect(days.original).toHaveLength(4)
})
