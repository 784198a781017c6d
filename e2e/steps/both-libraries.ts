import { type Browser, expect, type Page } from '@playwright/test'

/** Runs a scenario with the app on the original library, and then on Carnet, each in a new browser context. */
export async function withBoth<T>(
  browser: Browser,
  scenario: (page: Page, library: string) => Promise<T>,
): Promise<{ original: T; carnet: T }> {
  const run = async (library: string): Promise<T> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
    const seen = await scenario(await context.newPage(), library)
    await context.close()
    return seen
  }
  return { original: await run('original'), carnet: await run('carnet') }
}

/** Expects the same observations of both libraries, by their names. */
export function expectSame({
  original,
  carnet,
}: {
  readonly original: Readonly<Record<string, unknown>>
  readonly carnet: Readonly<Record<string, unknown>>
}): void {
  for (const [name, value] of Object.entries(original))
    expect.soft(carnet[name], name).toEqual(value)
  expect(Object.keys(carnet)).toEqual(Object.keys(original))
}
