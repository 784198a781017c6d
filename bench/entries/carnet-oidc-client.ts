import { UserManager } from '@carnet/oidc-client'

/** The same app with the drop-in for oidc-client-ts. */
export async function app(): Promise<void> {
  const client = new UserManager({
    authority: 'https://login.example.com/',
    client_id: 'spa',
    redirect_uri: '/',
  })
  await client.signinCallback()
  document.body.addEventListener('click', () => void client.signinPopup())
  await client.signinSilent()
  await client.signinRedirect()
  await client.signoutRedirect()
}
void app()
