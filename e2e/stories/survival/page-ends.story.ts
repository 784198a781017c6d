import type { AppOptions } from '../../steps/app.ts'
import { interruptions } from '../../steps/interruptions.ts'
import { appIn, middles, refreshes, rounds, SERVICE_WORKER } from '../../steps/survival.ts'
import { story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const contexts: Readonly<Record<string, AppOptions>> = {
  "tokens: 'page'": { tokens: 'page' },
  "tokens: 'worker'": { tokens: 'worker' },
  'a service worker': { tokens: 'page', serviceWorker: SERVICE_WORKER },
}

const { 'a refresh': refresh, 'the redemption of its code': redemption } = middles

for (const round of rounds)
  for (const [context, how] of Object.entries(contexts))
    for (const [end, interrupt] of Object.entries(interruptions))
      story(
        `With ${context} the session goes on: the page ${end} during the redemption of its code, and during a refresh (${round})`,
        // The survival story of WebKit tells the same in `npm test`.
        { tag: context === 'a service worker' ? '@thorough' : [] },
        async ({ app, world }) => {
          const options = { ...how, renewal: { enabled: false } }
          await redemption.begins(app, options)
          const page = await interrupt(app.page, world)
          const next = appIn(page, world, options)
          await redemption.goesOn(next, options, page === app.page)
          await refreshes(next)
          const last = await interrupt(page, world)
          await refresh.goesOn(appIn(last, world, options), options, last === page)
        },
      )
