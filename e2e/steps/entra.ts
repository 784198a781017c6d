import type { AuthenticationResult } from '@carnet/browser'
import { expect } from '@playwright/test'
import type { App } from './app.ts'
import { allowAtProvider, signInAtProvider } from './provider-pages.ts'

/** Signs a user in by popup, with consent, and returns the result. */
export async function byPopup(app: App, who: string, request: object, options = {}) {
  await app.starts(options)
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup', ...request })
  await signInAtProvider(popup, who)
  await allowAtProvider(popup)
  const { answer, error } = await outcome
  expect(error).toBeUndefined()
  return answer as AuthenticationResult
}
