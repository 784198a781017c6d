import { createStandardPublicClientApplication } from '@carnet/msal'

/** The same app with the adapter for apps of @azure/msal-browser. */
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
