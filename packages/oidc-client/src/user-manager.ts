import type * as Original from 'oidc-client-ts'
import { MetadataService } from './carnet/metadata-service.ts'
import { isForOtherPage, kindOfState } from './carnet/sent-state.ts'
import { NO_MATCHING_STATE } from './carnet/to-oidc-error.ts'
import { deliverResponse } from './flows/deliver.ts'
import { createRenewal, type Renewal } from './flows/renewal.ts'
import { revokeTokens } from './flows/revoke.ts'
import { createSession, type Session } from './flows/session.ts'
import {
  completeSignIn,
  type FlowDeps,
  redirectToSignIn,
  responseIn,
  signInWithPopup,
} from './flows/sign-in.ts'
import { completeSignOut, redirectToSignOut, signOutWithPopup } from './flows/sign-out.ts'
import { type SilentHow, signInSilently } from './flows/silent.ts'
import { checkSettings, declined } from './values/declined.ts'
import type { SignoutResponse } from './values/responses.ts'
import { UserManagerSettingsStore } from './values/settings.ts'
import { State } from './values/states.ts'
import type { User } from './values/user.ts'
import { UserManagerEvents } from './values/user-events.ts'

const inPage = (): boolean => typeof window !== 'undefined'

/** `UserManager` of oidc-client-ts. */
class Manager {
  readonly settings: UserManagerSettingsStore
  readonly events: UserManagerEvents
  readonly metadataService: MetadataService
  readonly #redirectNavigator: Original.INavigator | undefined
  readonly #session: Session
  readonly #renewal: Renewal
  /** The running silent calls, by their arguments. Equal calls share one. */
  readonly #silent = new Map<string, Promise<User>>()

  constructor(settings: Original.UserManagerSettings, redirectNavigator?: Original.INavigator) {
    checkSettings(settings)
    this.settings = new UserManagerSettingsStore(settings)
    this.events = new UserManagerEvents(this.settings)
    this.metadataService = new MetadataService(this.settings)
    this.#redirectNavigator = redirectNavigator
    this.#session = createSession(this.settings, this.events)
    const { accessTokenExpiringNotificationTimeInSeconds: minLifetimeSeconds } = this.settings
    this.#renewal = createRenewal({
      events: this.events,
      load: () => this.getUser(),
      renew: () => this.#renew({}, { minLifetimeSeconds }),
      isExpired: this.#session.isExpired,
      mostTimeouts: this.settings.maxSilentRenewTimeoutRetries,
    })
    // A callback page passes its response on, and needs no user.
    const needsUser = inPage() && !isForOtherPage(location.href)
    if (this.settings.automaticSilentRenew && needsUser) this.#renewal.start()
  }

  getUser(raiseEvent = false): Promise<User | null> {
    return this.#session.load(raiseEvent)
  }

  async storeUser(user: User | null): Promise<void> {
    const { run, removing } = this.#session
    await run(({ users, connection: { auth } }) =>
      user ? users.store(user) : removing(() => auth.clear()),
    )
  }

  async removeUser(): Promise<void> {
    await this.storeUser(null)
    await this.#session.unload()
  }

  async signinRedirect(args: Original.SigninRedirectArgs = {}): Promise<void> {
    const url = await this.#session.run((deps) =>
      redirectToSignIn(args, deps, this.#redirectNavigator),
    )
    if (url !== undefined) await this.signinRedirectCallback(url)
  }

  signinRedirectCallback(url = location.href): Promise<User> {
    return this.#signedIn((deps) => completeSignIn(url, deps))
  }

  signinPopup(args: Original.SigninPopupArgs = {}): Promise<User> {
    return this.#signedIn((deps) => signInWithPopup(args, deps))
  }

  signinPopupCallback(_url?: string, _keepOpen?: boolean): Promise<void> {
    return deliverResponse()
  }

  signinSilent(args: Original.SigninSilentArgs = {}): Promise<User> {
    return this.#renew(args, {})
  }

  signinSilentCallback(_url?: string): Promise<void> {
    return deliverResponse()
  }

  async signinCallback(url = location.href): Promise<User | undefined> {
    const kind = kindOfState(responseIn(url, this.settings).state)
    if (kind === 'popup' || kind === 'iframe') return void (await deliverResponse())
    if (kind !== 'redirect') throw new Error(NO_MATCHING_STATE)
    return this.signinRedirectCallback(url)
  }

  async signinResourceOwnerCredentials(_: unknown): Promise<User> {
    throw declined('signinResourceOwnerCredentials', 'the app must not see the password.')
  }

  async signoutRedirect(args: Original.SignoutRedirectArgs = {}): Promise<void> {
    await this.#signOut((deps, unloaded) =>
      redirectToSignOut(args, deps, unloaded, this.#redirectNavigator),
    )
  }

  signoutPopup(args: Original.SignoutPopupArgs = {}): Promise<void> {
    return this.#signOut((deps) => signOutWithPopup(args, deps))
  }

  async signoutSilent(_args: Original.SignoutSilentArgs = {}): Promise<void> {
    throw declined('signoutSilent', 'use `signoutRedirect`.')
  }

  signoutRedirectCallback(url = location.href): Promise<SignoutResponse> {
    return completeSignOut(url, this.settings)
  }

  signoutPopupCallback(_url?: string, _keepOpen?: boolean): Promise<void> {
    return deliverResponse()
  }

  signoutSilentCallback(_url?: string): Promise<void> {
    return deliverResponse()
  }

  async signoutCallback(url = location.href): Promise<SignoutResponse | undefined> {
    const state = new URL(url, location.origin).searchParams.get('state') ?? ''
    if (kindOfState(state)) return void (await deliverResponse())
    const response = await completeSignOut(url, this.settings)
    return response.state === null ? undefined : response
  }

  async revokeTokens(types?: Original.RevokeTokensTypes): Promise<void> {
    await this.#session.run((deps) => this.#revoke(deps, types))
  }

  startSilentRenew(): void {
    this.#renewal.start()
  }

  stopSilentRenew(): void {
    this.#renewal.stop()
  }

  clearStaleState(): Promise<void> {
    return State.clearStaleState(this.settings.stateStore, this.settings.staleStateAgeInSeconds)
  }

  async querySessionStatus(): Promise<never> {
    throw declined('querySessionStatus', 'browsers without third-party cookies do not support it.')
  }

  async dpopProof(): Promise<undefined> {
    return undefined
  }

  async generateDPoPJkt(): Promise<never> {
    throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
  }

  /** Renews the user. Equal calls share one renewal, and one `userLoaded`. */
  #renew(args: Original.SigninSilentArgs, how: SilentHow): Promise<User> {
    const key = JSON.stringify(args)
    const running = this.#silent.get(key)
    if (running !== undefined) return running
    const renewing = this.#signedIn((deps) => signInSilently(args, how, deps)).finally(() =>
      this.#silent.delete(key),
    )
    this.#silent.set(key, renewing)
    return renewing
  }

  async #signedIn(call: (deps: FlowDeps) => Promise<User>): Promise<User> {
    return this.#session.announce(await this.#session.run(call))
  }

  async #revoke(deps: FlowDeps, types = this.settings.revokeTokenTypes): Promise<void> {
    const user = await revokeTokens(types, deps)
    if (user) await this.#session.announce(user)
  }

  /** Signs out, and raises `userUnloaded` when the user has been removed: at the latest when the call ends. */
  #signOut(
    call: (deps: FlowDeps, unloaded: () => Promise<void>) => Promise<unknown>,
  ): Promise<void> {
    const { run, removing, unload } = this.#session
    let unloading: Promise<void> | undefined
    const unloaded = () => {
      unloading ??= unload()
      return unloading
    }
    return run(async (deps) => {
      if (this.settings.revokeTokensOnSignout) await this.#revoke(deps)
      const stop = deps.connection.auth.on('accountRemoved', () => void unloaded())
      try {
        await removing(() => call(deps, unloaded))
      } finally {
        stop()
        await unloaded()
      }
    })
  }
}

export const UserManager = Manager as unknown as typeof Original.UserManager
export type UserManager = Original.UserManager
