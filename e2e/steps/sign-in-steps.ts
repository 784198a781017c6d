import type { Page } from '@playwright/test'
import type { AppOptions, Started } from './app-options.ts'
import type { ClientCalls } from './client-calls.ts'
import { allowAtProvider, signInAtProvider } from './provider-pages.ts'
import type { World } from './world.ts'

export interface SignInSteps {
  /** Signs in by redirect, with consent, and restarts the app. */
  signsIn(name?: string, request?: object, options?: AppOptions): Promise<Started>

  /** Signs in on the page of the provider, and waits for the authorization response in the address. */
  signsInAtProvider(name?: string): Promise<void>

  /** Signs a user in with consent to all scopes, and restarts the app. */
  isSignedIn(request?: object, name?: string, options?: AppOptions): Promise<Started>
}

/** The steps of a user that signs in by redirect to the app in `page`. */
export function createSignInSteps(
  page: Page,
  { bareUrl, idp }: World,
  { starts, leavesBy }: ClientCalls,
): SignInSteps {
  return {
    async signsIn(name = 'Alice Adams', request: object = {}, options: AppOptions = {}) {
      await starts(options)
      await leavesBy('signIn', request)
      await signInAtProvider(page, name)
      await allowAtProvider(page)
      await page.waitForURL(`${bareUrl}**`)
      return starts(options)
    },

    async signsInAtProvider(name = 'Alice Adams') {
      await signInAtProvider(page, name)
      await page.waitForURL(/#.*state=/)
    },

    async isSignedIn(request: object = {}, name = 'Alice Adams', options: AppOptions = {}) {
      await idp.control.changeSettings({ consent: 'skip', signInAs: userNameOf(name) })
      await starts(options)
      await leavesBy('signIn', request)
      const isResponse = ({ href }: URL) => href.startsWith(bareUrl) && href.includes('state=')
      await page.waitForURL(isResponse)
      await idp.control.changeSettings({ signInAs: null })
      return starts(options)
    },
  }
}

/** The user name of `Alice Adams` is `alice`. */
const userNameOf = (name: string) => name.split(' ')[0]?.toLowerCase() ?? ''
