import type { AuthClient, AuthClientOptions } from '@carnet/browser'
import type { Page } from '@playwright/test'
import type { World } from './world.ts'

/** A micro frontend with a copy of the library. */
export interface Part {
  readonly copy: 'script' | 'module' | 'remote'
  /** The key in `window.clients`. Default: the copy. */
  readonly name?: string
  readonly options?: Pick<AuthClientOptions, 'cache' | 'resources' | 'responseMode'> & {
    readonly clientId?: string
  }
  /** `true`: signs in at startup if no account is signed in. `always`: signs in at every startup. */
  readonly signsIn?: true | 'always'
  /** Signs out at startup if an account is signed in. */
  readonly signsOut?: true
}

/** The report of a part. */
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

/** Opens the page with several copies. Each later load starts them too. */
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

/** Returns the reports when all parts have settled. */
export async function toldOf(page: Page): Promise<Told[]> {
  await page.waitForFunction(() => window.isSettled && window.told.length > 0)
  return page.evaluate(() => window.told)
}
