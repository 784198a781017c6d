import { type Configuration, ProtocolMode } from '@azure/msal-browser'
import { authority, CLIENT_ID } from '../setting.ts'

export const configuration: Configuration = {
  auth: {
    clientId: CLIENT_ID,
    authority,
    knownAuthorities: [new URL(authority).host],
    redirectUri: '/',
  },
  // Use storage that is shared between tabs and survives a reload, as for the other libraries.
  cache: { cacheLocation: 'localStorage' },
  system: { protocolMode: ProtocolMode.OIDC },
}
