import { type BrowserContext, chromium } from '@playwright/test'
import { chromiumOptions } from '../../../scripts/browser.mjs'

/** Launches a browser that resolves all hosts of the domains to the provider on this machine. */
export async function browserByNames(
  domains: readonly string[],
  port: number,
): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const { args = [], ...options } = chromiumOptions(true)
  const rules = domains.map((domain) => `MAP *.${domain}:443 127.0.0.1:${port}`).join(', ')
  const browser = await chromium.launch({
    ...options,
    args: [...args, `--host-resolver-rules=${rules}`],
  })
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
  return { context, close: () => browser.close() }
}
