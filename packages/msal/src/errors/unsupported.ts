import { BrowserConfigurationAuthError } from './browser-configuration-auth-error.ts'

/** The code of errors for options that Carnet declines. `@azure/msal-browser` has no such code. */
export const UNSUPPORTED = 'unsupported_option'

/** The error for an option or a call that Carnet declines. The README has the list. */
export const unsupported = (option: string, advice: string, correlationId = '') =>
  new BrowserConfigurationAuthError(
    UNSUPPORTED,
    correlationId,
    `@carnet/msal does not support ${option}. ${advice}`,
  )
