import { type Configuration, ProtocolMode } from '@azure/msal-browser'
import { authority, CLIENT_ID } from '../setting.ts'

export const configuration: Configuration = {
  auth: {
    clientId: CLIENT_ID,
    authority,
    knownAuthorities: [new URL(authority).host],
    redirectUri: '/',
  },
  // What other tabs share and a reload finds again, as with the others.
  cache: { cacheLocation: 'localStorage' },
  system: { protocolMode: ProtocolMode.OIDC },
}
