import type { Page } from '@playwright/test'

/**
 * Notes every text that an app shows from the start of each page load.
 *
 * @returns A function with all texts since the page load, one per line.
 */
export async function noteShownTexts(page: Page): Promise<() => Promise<string>> {
  await page.addInitScript(() => {
    const texts = new Set<string>()
    Object.assign(window, { shownTexts: texts })
    const note = () => {
      const app = document.querySelector('.app')
      // The links of the navigation say nothing of the session.
      for (const one of app?.querySelectorAll('p, button') ?? []) texts.add(one.textContent ?? '')
    }
    new MutationObserver(note).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
  return () =>
    page.evaluate(() =>
      [...(window as unknown as { shownTexts: Set<string> }).shownTexts].join('\n'),
    )
}
