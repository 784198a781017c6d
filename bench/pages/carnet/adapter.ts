import { type AuthClient, createAuthClient } from '@carnet/browser'
import type { Adapter } from '../adapter.ts'
import {
  API_SCOPE,
  authority,
  CALLBACK,
  CLIENT_ID,
  callsApis,
  isBound,
  isForPopups,
  isManual,
  prompt,
} from '../setting.ts'

let auth: AuthClient

const API = `${authority}/api/`

export const adapter: Adapter = {
  async ready() {
    auth = await createAuthClient({
      clientId: CLIENT_ID,
      authority,
      scopes: [API_SCOPE],
      redirectUri: isForPopups ? CALLBACK : '/',
      ...(isManual && { renewal: { enabled: false } }),
      ...(isBound && { dpop: true }),
      ...(callsApis && { resources: { [API]: [API_SCOPE] } }),
    })
    return { signedIn: auth.activeAccount !== null, accessToken: auth.redirectResult?.accessToken }
  },
  silent: async () => (await auth.acquireTokenSilent({ scopes: [API_SCOPE] })).accessToken,
  ordinaryCalls() {
    const scopes = [API_SCOPE]
    const { signal } = new AbortController()
    const account = auth.activeAccount ?? undefined
    const held = account && { ...account }
    return {
      plain: () => auth.acquireToken({ scopes }),
      'a signal': () => auth.acquireToken({ scopes, signal }),
      'state and returnTo': () =>
        auth.acquireToken({ scopes, state: 'calendar', returnTo: '/calendar?day=3' }),
      'an undefined field': () => auth.acquireToken({ scopes, claims: undefined }),
      'a held account': () => auth.acquireToken({ scopes, account }),
      'a copy of the account': () => auth.acquireToken({ scopes, account: held }),
      'its trace': async () => (await auth.acquireToken({ scopes })).trace,
      "interaction: 'popup'": () => auth.acquireToken({ scopes, interaction: 'popup' }),
    }
  },
  apiCalls() {
    const answer = Promise.resolve(new Response())
    globalThis.fetch = () => answer
    const headers = new Headers({ authorization: 'Bearer token' })
    return {
      bare: () => fetch(API, { headers }),
      authorized: () => auth.fetch(API),
    }
  },
  silentFor: async (scope) => (await auth.acquireTokenSilent({ scopes: [scope] })).accessToken,
  signInRedirect: () => auth.signIn(),
  signInPopup: async () => (await auth.signIn({ interaction: 'popup', prompt })).accessToken,
  forget: () => auth.signOut({ interaction: 'none' }),
}
