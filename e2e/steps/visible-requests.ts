import type { Page } from '@playwright/test'

/** Lets the page send its token requests itself: Playwright shows a story no requests of a shared worker. */
export async function sendsTokenRequestsItself(page: Page): Promise<void> {
  const removeSharedWorkers = () => void Reflect.deleteProperty(window, 'SharedWorker')
  await page.addInitScript(removeSharedWorkers)
  await page.evaluate(removeSharedWorkers)
}
