import type { BrowserType, LaunchOptions, Page } from '@playwright/test'
import {
  buttonPath,
  comes,
  type Engine,
  type EngineName,
  fieldPath,
  PATIENCE_MS,
  type Tab,
} from './driver.ts'

/** Drives an engine that Playwright can launch. */
export async function launchByPlaywright(
  type: BrowserType,
  options: LaunchOptions,
): Promise<Engine> {
  const browser = await type.launch(options)
  const context = await browser.newContext()
  context.setDefaultTimeout(PATIENCE_MS)
  return {
    name: type.name() as EngineName,
    version: `${type.name()} ${browser.version()}, by Playwright`,
    async openTab(url) {
      const page = await context.newPage()
      await page.goto(url)
      return tabOf(page)
    },
    async windowOpenedBy(action) {
      const before = new Set(context.pages())
      await action()
      const opened = await comes('A window', async () =>
        context.pages().find((page) => !before.has(page)),
      )
      return tabOf(opened)
    },
    close: () => browser.close(),
  }
}

const tabOf = (page: Page): Tab => ({
  async goTo(url) {
    await page.goto(url)
  },
  async reload() {
    await page.reload()
  },
  url: async () => page.url(),
  evaluate: (run: (argument: never) => unknown, argument?: unknown) =>
    page.evaluate(run as (argument: unknown) => never, argument),
  click: (button) =>
    page
      .locator(`xpath=${buttonPath(button)}`)
      .first()
      .click(),
  fill: (field, text) =>
    page
      .locator(`xpath=${fieldPath(field)}`)
      .first()
      .fill(text),
  close: () => page.close(),
  isClosed: async () => page.isClosed(),
})
