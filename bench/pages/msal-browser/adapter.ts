import {
  type AccountInfo,
  createStandardPublicClientApplication,
  type IPublicClientApplication,
} from '@azure/msal-browser'
import type { Adapter } from '../adapter.ts'
import { API_SCOPE, CALLBACK, prompt, SCOPES } from '../setting.ts'
import { configuration } from './configuration.ts'

let client: IPublicClientApplication
let account: AccountInfo | undefined

export const adapter: Adapter = {
  async ready() {
    client = await createStandardPublicClientApplication(configuration)
    const response = await client.handleRedirectPromise()
    account = response?.account ?? client.getAllAccounts()[0]
    return { signedIn: account !== undefined, accessToken: response?.accessToken }
  },
  async silent() {
    const result = await client.acquireTokenSilent({
      scopes: [API_SCOPE],
      redirectUri: CALLBACK,
      ...(account && { account }),
    })
    return result.accessToken
  },
  signInRedirect: () => client.loginRedirect({ scopes: SCOPES }),
  async signInPopup() {
    const result = await client.loginPopup({
      scopes: SCOPES,
      redirectUri: CALLBACK,
      ...(prompt && { prompt }),
    })
    account = result.account
    return result.accessToken
  },
  forget: () => client.clearCache(),
}
