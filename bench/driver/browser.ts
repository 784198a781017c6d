import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { chromiumOptions } from '../../scripts/browser.mjs'

/** The cookie settings of Chrome: third-party cookies are allowed by default. Some builds of Chromium block them. */
const preferences = (blocksCookies: boolean) => ({
  profile: {
    cookie_controls_mode: Number(blocksCookies),
    block_third_party_cookies: blocksCookies,
  },
})

/**
 * A browser with a profile on disk, like the browsers of users. In a private window, IndexedDB is in memory
 * and therefore faster.
 *
 * @param blocksCookies True to block third-party cookies.
 */
export async function openBrowser(
  blocksCookies = false,
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'carnet-bench-'))
  await mkdir(join(folder, 'Default'))
  await writeFile(
    join(folder, 'Default', 'Preferences'),
    JSON.stringify(preferences(blocksCookies)),
  )
  const options = chromiumOptions(true)
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    args: [
      ...options.args,
      '--host-resolver-rules=MAP *.localhost 127.0.0.1',
      // The certificate of the provider is self-signed. The option of Playwright is for pages only, and not for their workers.
      '--ignore-certificate-errors',
    ],
    ignoreHTTPSErrors: true,
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
