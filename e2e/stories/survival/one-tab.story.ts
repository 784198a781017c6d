import { anotherTab } from '../../steps/app.ts'
import { middles, rounds } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const options = { cache: { location: 'session' }, renewal: { enabled: false } } as const

for (const round of rounds)
  for (const [request, { begins, goesOn }] of Object.entries(middles))
    story(
      `With cache.location 'session' the tab goes on after a reload during ${request}, and no other tab does (${round})`,
      async ({ app }) => {
        await begins(app, options)
        const other = await anotherTab(app)
        await app.page.reload()
        expect(await other.starts(options)).toEqual({ answer: {} })
        await goesOn(app, options, true)
        await other.page.reload()
        expect(await other.starts(options)).toEqual({ answer: {} })
      },
    )
