import type { AppOptions } from '../../steps/app.ts'
import { interruptions } from '../../steps/interruptions.ts'
import { appIn, middles, rounds, SERVICE_WORKER } from '../../steps/survival.ts'
import { story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const contexts: Readonly<Record<string, AppOptions>> = {
  "tokens: 'page'": { tokens: 'page' },
  "tokens: 'worker'": { tokens: 'worker' },
  'a service worker': { tokens: 'page', serviceWorker: SERVICE_WORKER },
}

for (const round of rounds)
  for (const [context, how] of Object.entries(contexts))
    for (const [request, { begins, goesOn }] of Object.entries(middles))
      for (const [end, interrupt] of Object.entries(interruptions))
        story(
          `With ${context} the session goes on: the page ${end} during ${request} (${round})`,
          async ({ app, world }) => {
            const options = { ...how, renewal: { enabled: false } }
            await begins(app, options)
            const page = await interrupt(app.page, world)
            await goesOn(appIn(page, world, options), options, page === app.page)
          },
        )
