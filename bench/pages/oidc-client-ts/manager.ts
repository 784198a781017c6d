import { UserManager, WebStorageStateStore } from 'oidc-client-ts'
import { authority, CALLBACK, CLIENT_ID, isManual, SCOPES } from '../setting.ts'

export const createManager = (): UserManager =>
  new UserManager({
    authority,
    client_id: CLIENT_ID,
    redirect_uri: `${location.origin}/`,
    popup_redirect_uri: location.origin + CALLBACK,
    silent_redirect_uri: location.origin + CALLBACK,
    scope: SCOPES.join(' '),
    automaticSilentRenew: !isManual,
    // Use storage that is shared between tabs and survives a reload, as for the other libraries.
    userStore: new WebStorageStateStore({ store: localStorage }),
  })
