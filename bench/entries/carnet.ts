import { createAuthClient } from '@carnet/browser'

/** An app that signs in by redirect and by popup, asks silently, renews and signs out. */
export async function app(): Promise<void> {
  const auth = await createAuthClient({ clientId: 'spa', authority: 'https://login.example.com/' })
  document.body.addEventListener('click', () => void auth.signIn({ interaction: 'popup' }))
  await auth.acquireToken({ scopes: ['calendar.read'] })
  await auth.signOut()
}
void app()
