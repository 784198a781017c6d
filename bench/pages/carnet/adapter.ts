import { type AuthClient, createAuthClient } from '@carnet/browser'
import type { Adapter } from '../adapter.ts'
import {
  API_SCOPE,
  authority,
  CALLBACK,
  CLIENT_ID,
  isForPopups,
  isManual,
  prompt,
} from '../setting.ts'

let auth: AuthClient

export const adapter: Adapter = {
  async ready() {
    auth = await createAuthClient({
      clientId: CLIENT_ID,
      authority,
      scopes: [API_SCOPE],
      redirectUri: isForPopups ? CALLBACK : '/',
      ...(isManual && { renewal: { enabled: false } }),
    })
    return { signedIn: auth.activeAccount !== null, accessToken: auth.redirectResult?.accessToken }
  },
  silent: async () => (await auth.acquireTokenSilent({ scopes: [API_SCOPE] })).accessToken,
  signInRedirect: () => auth.signIn(),
  signInPopup: async () => (await auth.signIn({ interaction: 'popup', prompt })).accessToken,
  forget: () => auth.signOut({ interaction: 'none' }),
}
