import { readFile } from 'node:fs/promises'
import type { SeedOptions } from './seed-session.ts'

/** As much of a Playwright page as is needed here. */
interface EvaluatingPage {
  evaluate(expression: string): Promise<unknown>
}

/**
 * Puts an account with tokens into the cache of the origin that `page` shows. Go to any page of the
 * app first, and load it anew afterwards: then it starts signed in.
 */
export async function seedSession(page: EvaluatingPage, options: SeedOptions): Promise<void> {
  const script = await readFile(new URL('./seed-session.iife.js', import.meta.url), 'utf8')
  await page.evaluate(
    `(async () => { ${script}; await CarnetTesting.seedSession(${JSON.stringify(options)}) })()`,
  )
}
