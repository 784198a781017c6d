import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'
import { fullChromium } from './leftovers.ts'

/** Launches a browser that allows third-party cookies, independent of the default of the build. */
export async function browserThatAllowsCookies(
  options: { ignoreHTTPSErrors?: boolean; locale?: string } = {},
): Promise<{
  context: BrowserContext
  close(): Promise<void>
}> {
  const directory = await mkdtemp(join(tmpdir(), 'carnet-profile-'))
  const profile = { cookie_controls_mode: 0, block_third_party_cookies: false }
  await mkdir(join(directory, 'Default'))
  await writeFile(join(directory, 'Default', 'Preferences'), JSON.stringify({ profile }))
  const context = await chromium.launchPersistentContext(directory, {
    ...fullChromium.launchOptions,
    ...options,
  })
  return {
    context,
    async close() {
      await context.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
