import type { AuthClient, AuthClientOptions } from '@carnet/browser'
import type { Page } from '@playwright/test'
import type { World } from './the-world.ts'

/** A micro frontend with a copy of the library. */
export interface Part {
  readonly copy: 'script' | 'module' | 'remote'
  readonly options?: Pick<AuthClientOptions, 'cache' | 'responseMode'> & {
    readonly clientId?: string
  }
  /** Signs in at its start where nobody is signed in, or at every start, whatever came of the last one. */
  readonly signsIn?: true | 'always'
  /** Signs out at its start where somebody is signed in. */
  readonly signsOut?: true
}

/** The findings of a part. */
export interface Told {
  readonly copy: string
  readonly username?: string
  /** The access token of its redirect result. */
  readonly accessToken?: string
  readonly code?: string
  readonly message?: string
}

declare global {
  interface Window {
    clients: Record<string, AuthClient>
    told: Told[]
    isSettled?: boolean
  }
}

/** Opens the page with several copies, and starts them at each load from then on. */
export async function startCopies(
  page: Page,
  world: World,
  parts: readonly Part[],
  isOneByOne = false,
): Promise<void> {
  await page.goto(`${world.bareUrl}no-bundler/copies.html`)
  await page.evaluate(
    (plan) => localStorage.setItem('plan', plan),
    JSON.stringify({ parts, isOneByOne }),
  )
  await page.reload()
}

/** The findings of the parts, in the page where all of them have settled. */
export async function toldOf(page: Page): Promise<Told[]> {
  await page.waitForFunction(() => window.isSettled && window.told.length > 0)
  return page.evaluate(() => window.told)
}
