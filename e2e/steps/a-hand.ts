import type { Frame, Page } from '@playwright/test'

/** The fastest hand takes longer than a few turns of the page; a busy machine may not. */
export const takesAsLongAsAHand = (page: Page | Frame): Promise<void> =>
  page.evaluate(async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((next) => setTimeout(next, 10))
  })
