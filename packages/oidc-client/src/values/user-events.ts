import type * as Original from 'oidc-client-ts'
import { createEvent } from './event.ts'
import { AccessTokenEvents } from './token-events.ts'

type Settings = Pick<
  Original.UserManagerSettingsStore,
  'accessTokenExpiringNotificationTimeInSeconds'
>

/** The events of a `UserManager`. */
class UserEvents extends AccessTokenEvents {
  readonly #loaded = createEvent<[Original.User]>()
  readonly #unloaded = createEvent()
  readonly #renewError = createEvent<[Error]>()
  readonly #signedIn = createEvent()
  readonly #signedOut = createEvent()
  readonly #sessionChanged = createEvent()

  constructor({ accessTokenExpiringNotificationTimeInSeconds: seconds }: Settings) {
    super({ expiringNotificationTimeInSeconds: seconds })
  }

  override async load(user: Original.User, raisesEvent = true): Promise<void> {
    await super.load(user)
    if (raisesEvent) await this.#loaded.raise(user)
  }

  override async unload(): Promise<void> {
    await super.unload()
    await this.#unloaded.raise()
  }

  addUserLoaded = this.#loaded.add
  removeUserLoaded = this.#loaded.remove
  addUserUnloaded = this.#unloaded.add
  removeUserUnloaded = this.#unloaded.remove
  addSilentRenewError = this.#renewError.add
  removeSilentRenewError = this.#renewError.remove
  addUserSignedIn = this.#signedIn.add
  removeUserSignedIn = this.#signedIn.remove
  addUserSignedOut = this.#signedOut.add
  removeUserSignedOut = this.#signedOut.remove
  addUserSessionChanged = this.#sessionChanged.add
  removeUserSessionChanged = this.#sessionChanged.remove
  _raiseSilentRenewError = this.#renewError.raise
  _raiseUserSignedIn = this.#signedIn.raise
  _raiseUserSignedOut = this.#signedOut.raise
  _raiseUserSessionChanged = this.#sessionChanged.raise
}

export const UserManagerEvents = UserEvents as unknown as typeof Original.UserManagerEvents
export type UserManagerEvents = Original.UserManagerEvents
