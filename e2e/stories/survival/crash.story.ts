import type { CDPSession, Page } from '@playwright/test'
import { anotherTab } from '../../steps/app.ts'
import { middles, rounds, SCOPES } from '../../steps/survival.ts'
import { story } from '../../world.ts'

story.use({ cookies: 'blocked' })

for (const round of rounds)
  for (const tokens of ['page', 'worker'] as const)
    for (const [request, { begins, goesOn }] of Object.entries(middles))
      story(
        `With tokens: '${tokens}' the process of a page crashes during ${request}, beside another tab (${round})`,
        async ({ app }) => {
          const options = { tokens, renewal: { enabled: false } } as const
          // The worker is in the process of the first tab.
          const other = await anotherTab(app)
          await other.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
          await begins(app, options)
          await crash(app.page)
          await other.page.reload()
          await goesOn(other, options, false)
        },
      )

/** Ends the process of a page as a fault in it does. */
async function crash(page: Page): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => undefined) // No process is left to answer.
  await crashed
}
