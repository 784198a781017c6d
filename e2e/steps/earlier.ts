import type { AuthClientOptions } from '@carnet/browser'
import type { MigrationReport } from '@carnet/browser/migrate-msal'
import type { Page } from '@playwright/test'
import { signInAtProvider } from './provider-pages.ts'

/** A place of the entries of an earlier library. */
export interface Earlier {
  readonly version: string
  readonly place: 'localStorage' | 'sessionStorage'
  readonly clientId?: string
}

/** The parts of a `MigrationReport` that stories compare. */
export interface SeenReport {
  readonly moved: readonly {
    readonly username: string
    readonly wasActive: boolean
    readonly accessTokens: number
    readonly hasRefreshToken: boolean
    readonly user: MigrationReport['moved'][number]['user']
  }[]
  readonly skipped: readonly string[]
}

/** Signs in with `@azure/msal-browser` by redirect, and gets a token for each list of scopes. */
export async function signsInWithMsal(
  page: Page,
  appUrl: string,
  { version, ...earlier }: Earlier & { readonly authority: string },
  scopes: readonly (readonly string[])[],
  name = 'Alice Adams',
): Promise<void> {
  const start = async () => {
    await page.goto(`${appUrl}earlier.html`)
    await startsMsal(page, version, earlier)
  }
  await start()
  const comesBack = page.waitForURL(({ hash }) => hash.includes('code='))
  await page.evaluate((asked) => {
    void window.earlierMsal.loginRedirect({ scopes: asked })
  }, scopes[0] as string[])
  await signInAtProvider(page, name) // The library always asks for the account.
  await comesBack
  await startsMsal(page, version, earlier)
  for (const asked of scopes)
    await page.evaluate(async (list) => {
      // The first account of the list may be of another app of the origin.
      const account = window.earlierMsal.getActiveAccount()
      if (account) await window.earlierMsal.acquireTokenSilent({ scopes: list, account })
    }, asked as string[])
}

export const startsMsal = (
  page: Page,
  version: string,
  options: Omit<Earlier, 'version'> & { readonly authority: string },
): Promise<void> =>
  page.evaluate(([name, given]) => window.startEarlierMsal(name, given), [
    version,
    options,
  ] as const)

/** Moves the sessions of an earlier library to Carnet, as an app does before it creates its client. */
export const migrates = (
  page: Page,
  library: 'msal' | 'oidc-client',
  options: AuthClientOptions,
  settings: { readonly prefix?: string } = {},
): Promise<SeenReport> =>
  page.evaluate(
    async ([name, given, named]) => {
      const { moved, skipped } = await window.migrate(name, given, named)
      return {
        moved: moved.map(({ account, user, ...rest }) => ({
          username: account.username,
          ...rest,
          user,
        })),
        skipped: skipped.map(({ reason, error }) => (error ? `${reason}: ${error}` : reason)),
      }
    },
    [library, options, settings] as const,
  )

/** The keys of web storage that match. */
export const storedKeys = (page: Page, pattern: RegExp): Promise<string[]> =>
  page.evaluate(
    (form) =>
      [sessionStorage, localStorage].flatMap((storage) =>
        Object.keys(storage).filter((key) => form.test(key)),
      ),
    pattern,
  )

/** Signs in with `oidc-client-ts` by redirect. The provider must need no page. */
export async function signsInWithOidcClient(
  page: Page,
  appUrl: string,
  { version, ...earlier }: Earlier & { readonly authority: string },
): Promise<void> {
  await page.goto(`${appUrl}earlier.html`)
  await startsOidcClient(page, version, earlier)
  const comesBack = page.waitForURL(({ search }) => search.includes('code='))
  await page.evaluate(() => {
    void window.earlierOidc.signinRedirect()
  })
  await comesBack
  await startsOidcClient(page, version, earlier)
}

export const startsOidcClient = (
  page: Page,
  version: string,
  options: Omit<Earlier, 'version'> & { readonly authority: string },
): Promise<void> =>
  page.evaluate(([name, given]) => window.startEarlierOidc(name, given), [
    version,
    options,
  ] as const)
