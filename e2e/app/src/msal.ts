/** MSAL for `page.evaluate`. It proves that the provider speaks Entra's dialect. */
import {
  createStandardPublicClientApplication,
  type IPublicClientApplication,
} from '@azure/msal-browser'

declare global {
  interface Window {
    startMsal(authority: string): Promise<IPublicClientApplication>
    msal: IPublicClientApplication
  }
}

window.startMsal = async (authority) => {
  window.msal = await createStandardPublicClientApplication({
    auth: {
      clientId: 'spa',
      authority,
      knownAuthorities: [new URL(authority).host],
      redirectUri: `${location.origin}/msal-redirect.html`,
      postLogoutRedirectUri: `${location.origin}/msal.html`,
    },
    cache: { cacheLocation: 'localStorage' },
  })
  const response = await window.msal.handleRedirectPromise()
  if (response) window.msal.setActiveAccount(response.account)
  return window.msal
}
