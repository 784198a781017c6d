import { createStandardPublicClientApplication } from '@azure/msal-browser'

/** The same app with @azure/msal-browser, which has no background renewal. */
export async function app(): Promise<void> {
  const client = await createStandardPublicClientApplication({
    auth: { clientId: 'spa', authority: 'https://login.example.com/' },
  })
  await client.handleRedirectPromise()
  document.body.addEventListener('click', () => void client.loginPopup({ scopes: [] }))
  await client.acquireTokenSilent({ scopes: ['calendar.read'] })
  await client.acquireTokenRedirect({ scopes: ['calendar.read'] })
  await client.logoutRedirect()
}
void app()
