import type { UserManager } from 'oidc-client-ts'
import type { Adapter } from '../adapter.ts'
import { prompt } from '../setting.ts'
import { createManager } from './manager.ts'

let manager: UserManager

export const adapter: Adapter = {
  async ready() {
    manager = createManager()
    const isResponse = new URLSearchParams(location.search).has('state')
    const user = isResponse ? await manager.signinCallback() : await manager.getUser()
    if (isResponse) history.replaceState(null, '', '/')
    return {
      signedIn: !!user,
      accessToken: isResponse ? user?.access_token : undefined,
    }
  },
  async silent() {
    const user = await manager.getUser()
    if (user && !user.expired) return user.access_token
    return tokenOf(await manager.signinSilent())
  },
  signInRedirect: () => manager.signinRedirect(),
  signInPopup: async () => tokenOf(await manager.signinPopup({ ...(prompt && { prompt }) })),
  forget: () => manager.removeUser(),
}

function tokenOf(user: { access_token: string } | null): string {
  if (!user) throw new Error('No user is signed in.')
  return user.access_token
}
