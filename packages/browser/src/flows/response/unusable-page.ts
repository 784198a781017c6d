import { AuthError } from '@carnet/core'

/** The error for an unusable redirect page of the app. */
export const unusablePage = (redirectUri: string, fault: string, cause?: AuthError): AuthError =>
  new AuthError(
    'redirect_page_unusable',
    `The app's own page at ${new URL(redirectUri).pathname} cannot deliver the response of a hidden iframe: ${fault}.`,
    { cause },
  )
