import { readFile } from 'node:fs/promises'
import type { SeedOptions } from './seed-session.ts'

/** The part of a Playwright page that is used here. */
interface EvaluatingPage {
  evaluate(expression: string): Promise<unknown>
}

/**
 * Puts an account with tokens into the cache of the origin of `page`. Open any page of the app first, and reload it afterwards:
 * then it starts signed in.
 */
export async function seedSession(page: EvaluatingPage, options: SeedOptions): Promise<void> {
  const script = await readFile(new URL('./seed-session.iife.js', import.meta.url), 'utf8')
  await page.evaluate(
    `(async () => { ${script}; await CarnetTesting.seedSession(${JSON.stringify(options)}) })()`,
  )
}
