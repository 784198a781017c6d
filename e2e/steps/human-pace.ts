import type { Frame, Page } from '@playwright/test'

/** Waits as long as a fast user would. Without it, a test acts faster than any user. */
export const waitsAtHumanPace = (page: Page | Frame): Promise<void> =>
  page.evaluate(async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((next) => setTimeout(next, 10))
  })
