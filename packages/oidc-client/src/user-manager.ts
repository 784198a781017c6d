import type * as Original from 'oidc-client-ts'
import { MetadataService } from './metadata-service.ts'
import { checkSettings, declined } from './values/declined.ts'
import { Logger } from './values/log.ts'
import { addPassingMethods, loadOnce } from './values/passing.ts'
import { UserManagerSettingsStore } from './values/settings.ts'
import { UserManagerEvents } from './values/user-events.ts'

/** The methods that the engine answers. */
const CALLS =
  'getUser storeUser removeUser signinRedirect signinRedirectCallback signinPopup signinPopupCallback signinSilent signinSilentCallback signinCallback signoutRedirect signoutRedirectCallback signoutPopup signoutPopupCallback signoutSilent signoutSilentCallback signoutCallback revokeTokens clearStaleState'

const DECLINED = 'signinResourceOwnerCredentials querySessionStatus generateDPoPJkt'

/** A response in the URL of the page that another page waits for. */
const FOR_OTHER_PAGE = /[?#&]state=carnet-\w{8}-[pio]\./

const inPage = () => typeof window !== 'undefined'

/** `UserManager` of oidc-client-ts. Its engine loads at the first call. */
class Manager {
  readonly settings: UserManagerSettingsStore
  readonly events: UserManagerEvents
  readonly metadataService: MetadataService
  readonly #engine
  #isRenewing = false
  readonly #renew = () => this.#engine.get().then(({ renewal }) => renewal.attempt())

  constructor(
    settings: Original.UserManagerSettings,
    redirect?: Original.INavigator,
    popup?: Original.INavigator,
    iframe?: Original.INavigator,
  ) {
    checkSettings(settings)
    if (iframe) Logger.warn('UserManager', '`iframeNavigator` has no effect.')
    this.settings = new UserManagerSettingsStore(settings)
    this.events = new UserManagerEvents(this.settings)
    this.metadataService = new MetadataService(this.settings)
    this.#engine = loadOnce(async () => {
      const { createEngine } = await import('./flows/engine.ts')
      return createEngine(this.settings, this.events, { redirect, popup })
    })
    // A callback page passes its response on, and needs no user.
    const needsUser = inPage() && !FOR_OTHER_PAGE.test(location.href)
    if (this.settings.automaticSilentRenew && needsUser) this.startSilentRenew()
  }

  static {
    addPassingMethods(Manager.prototype, CALLS, (manager) => async (name, args) => {
      // A server has no user.
      if (name === 'getUser' && !inPage()) return null
      // A popup must open in the click: do not wait for an engine that is loaded.
      const engine = manager.#engine.now() ?? (await manager.#engine.get())
      return engine.call(name, args)
    })
    addPassingMethods(Manager.prototype, DECLINED, () => async (name) => {
      throw declined(name)
    })
  }

  /** There is no proof without the setting `dpop`. */
  async dpopProof(): Promise<undefined> {}

  startSilentRenew(): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    this.events.addAccessTokenExpiring(this.#renew)
    const { getUser } = this as unknown as Original.UserManager
    getUser.call(this).catch((error) => Logger.error('UserManager', error))
  }

  stopSilentRenew(): void {
    this.#isRenewing = false
    this.events.removeAccessTokenExpiring(this.#renew)
    this.#engine.now()?.renewal.end()
  }
}

export const UserManager = Manager as unknown as typeof Original.UserManager
export type UserManager = Original.UserManager
