import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { chromiumOptions } from '../../scripts/browser.mjs'

/** The default cookie settings of Chrome. Some builds of Chromium block third-party cookies. */
const PREFERENCES = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } }

/**
 * A browser with a profile on disk, like the browsers of users. In a private window, IndexedDB is in memory
 * and therefore faster.
 */
export async function openBrowser(): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'carnet-bench-'))
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(PREFERENCES))
  const options = chromiumOptions(true)
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    args: [...options.args, '--host-resolver-rules=MAP *.localhost 127.0.0.1'],
    // The certificate of the provider is self-signed.
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
