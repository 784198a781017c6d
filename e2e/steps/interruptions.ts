import type { Page } from '@playwright/test'
import { answers } from './survival.ts'
import type { World } from './world.ts'

/** Ends or leaves a page, and returns the page in which the user goes on. */
export type Interruption = (page: Page, world: World) => Promise<Page>

async function newPage(page: Page, { bareUrl }: World): Promise<Page> {
  const next = await page.context().newPage()
  await next.goto(bareUrl)
  return next
}

/** The ways in which a page ends in the middle of a request. The answer comes during the way, or after it. */
export const interruptions: Readonly<Record<string, Interruption>> = {
  'is reloaded': async (page) => {
    await page.reload()
    return page
  },
  'is closed, and opened again': async (page, world) => {
    // The window stays open: the browser would end with its last page.
    const rest = await page.context().newPage()
    await page.close()
    await answers(world.idp)
    const next = await newPage(page, world)
    await rest.close()
    return next
  },
  'is closed beside another tab': async (page, world) => {
    const other = await newPage(page, world)
    await page.close()
    return other
  },
  'is left, and the user comes back': async (page, { idp }) => {
    await page.goto(`${idp.issuer}/.well-known/openid-configuration`)
    await answers(idp)
    await page.goBack({ waitUntil: 'commit' })
    return page
  },
}
