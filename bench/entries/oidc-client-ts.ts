import { UserManager } from 'oidc-client-ts'

/** The same app with oidc-client-ts. */
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
