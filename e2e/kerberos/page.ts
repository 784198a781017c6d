import { createAuthClient } from '@carnet/browser'

const parameters = new URLSearchParams(location.search)
const clientId = parameters.get('client')
const authority = parameters.get('authority')

declare global {
  interface Window {
    /** Signs the user of the operating system in. Resolves with the user name, or with the code of the error. */
    signInSilently?: (domainHint: string) => Promise<string>
  }
}

// The redirect page is this page without parameters.
if (clientId && authority) {
  const auth = await createAuthClient({
    clientId,
    authority,
    authorityProfile: 'entra',
    redirectUri: location.pathname,
  })
  window.signInSilently = (domainHint) =>
    auth.ssoSilent({ scopes: ['User.Read'], domainHint }).then(
      ({ account }) => account.username,
      (error) => String(error.code),
    )
} else {
  await import('@carnet/browser/callback')
}
