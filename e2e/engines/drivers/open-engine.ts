import { type BrowserType, chromium, firefox, webkit } from '@playwright/test'
import { chromiumOptions } from '../../../scripts/browser.mjs'
import { findFirefox, findWebKit } from '../../../scripts/engines.mjs'
import type { Engine, EngineName } from './driver.ts'
import { startFirefox } from './firefox.ts'
import { launchByPlaywright } from './playwright.ts'
import { driveByWebDriver } from './web-driver.ts'
import { startWebKit } from './webkit.ts'

/** The reason why an engine cannot run on this machine. The stories are then skipped. */
export class EngineMissing extends Error {}

/**
 * Starts an engine with an empty profile: Playwright's browser if it is installed, otherwise the system's.
 *
 * @throws EngineMissing If neither is installed.
 */
export async function openEngine(name: EngineName): Promise<Engine> {
  if (name === 'chromium') return launchByPlaywright(chromium, chromiumOptions())
  if (name === 'firefox') {
    const found = findFirefox()
    if (!found) throw new EngineMissing('Firefox is not installed.')
    if (found.by === 'playwright') return launchPlaywrights(firefox)
    return driveByWebDriver(name, await startFirefox(found.program))
  }
  const found = findWebKit()
  if (!found) throw new EngineMissing('WebKit is not installed, or has no screen to run on.')
  if (found.by === 'playwright') return launchPlaywrights(webkit)
  return driveByWebDriver(name, await startWebKit(found))
}

async function launchPlaywrights(type: BrowserType): Promise<Engine> {
  try {
    return await launchByPlaywright(type, {})
  } catch (error) {
    if (!String(error).includes('Host system is missing dependencies')) throw error
    throw new EngineMissing(`Playwright's ${type.name()} lacks libraries of the system.`)
  }
}
