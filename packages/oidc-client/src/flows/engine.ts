/** The calls of a `UserManager`. This part loads at the first call, so that the first chunk of an app stays small. */
import type * as Original from 'oidc-client-ts'
import { type Connection, connect } from '../carnet/connection.ts'
import { kindOfState } from '../carnet/sent-state.ts'
import { NO_MATCHING_STATE, toOidcError } from '../carnet/to-oidc-error.ts'
import type { SignoutResponse } from '../values/responses.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import { State } from '../values/states.ts'
import type { User } from '../values/user.ts'
import type { UserManagerEvents } from '../values/user-events.ts'
import { deliverResponse } from './deliver.ts'
import type { FlowDeps } from './flow-deps.ts'
import { createRenewal } from './renewal.ts'
import { createSession, type Session } from './session.ts'
import {
  completeSignIn,
  redirectToSignIn,
  responseIn,
  signInWithNavigator,
  signInWithPopup,
} from './sign-in.ts'
import {
  completeSignOut,
  redirectToSignOut,
  signOutBeside,
  signOutWithNavigator,
  signOutWithPopup,
} from './sign-out.ts'
import { type SilentHow, signInSilently } from './silent.ts'
import { createUsers } from './users.ts'

const MARGIN_SECONDS = 3

/** The navigators of the app. */
export interface Navigators {
  readonly redirect: Original.INavigator | undefined
  readonly popup: Original.INavigator | undefined
}

/** The parts that the calls of a manager share. */
interface Core {
  readonly settings: UserManagerSettingsStore
  readonly navigators: Navigators
  readonly session: Session
  /** Makes a call with the open client. */
  run<T>(call: (deps: FlowDeps) => Promise<T>): Promise<T>
  /** Makes a call that gets a user, and announces the user. */
  signedIn(call: (deps: FlowDeps) => Promise<User>): Promise<User>
  /** Renews the user. Equal calls share one renewal, and one `userLoaded`. */
  renew(args: Original.SigninSilentArgs, how: SilentHow): Promise<User>
}

/** Creates the calls of a manager. The client opens at the first call that needs it. */
export function createEngine(
  settings: UserManagerSettingsStore,
  events: UserManagerEvents,
  navigators: Navigators,
) {
  const core = createCore(settings, events, navigators)
  const calls: Functions = Object.assign({}, createUserCalls(core), createSignOutCalls(core))
  // The token that is about to expire must not answer, whatever the fractions of its last second.
  const minLifetimeSeconds = settings.accessTokenExpiringNotificationTimeInSeconds + MARGIN_SECONDS
  return {
    /** Calls a function of the manager by its name. Errors become errors of `oidc-client-ts`. */
    async call(name: string, args: readonly unknown[]): Promise<unknown> {
      try {
        return await calls[name]?.(...(args as never[]))
      } catch (error) {
        throw toOidcError(error)
      }
    },
    renewal: createRenewal({
      events,
      renew: () => core.renew({}, { minLifetimeSeconds }),
      isExpired: core.session.isExpired,
      mostTimeouts: settings.maxSilentRenewTimeoutRetries,
    }),
  }
}

function createCore(
  settings: UserManagerSettingsStore,
  events: UserManagerEvents,
  navigators: Navigators,
): Core {
  const session = createSession(events)
  const silent = new Map<string, Promise<User>>()
  let deps: FlowDeps | undefined

  async function open(): Promise<FlowDeps> {
    const connection = await connect(settings)
    deps ??= depsOf(connection)
    return deps
  }

  function depsOf(connection: Connection): FlowDeps {
    const users = createUsers(settings, connection)
    session.follow(connection, users)
    return { settings, connection, users }
  }

  const core: Core = {
    settings,
    navigators,
    session,
    // A popup must open in the click: do not wait for a client that is open.
    run: (call) => (deps ? call(deps) : open().then(call)),
    signedIn: (call) => core.run(call).then(session.announce),
    renew(args, how) {
      const key = JSON.stringify(args)
      const running = silent.get(key)
      if (running !== undefined) return running
      const renewing = core
        .signedIn((given) => signInSilently(args, how, given))
        .finally(() => silent.delete(key))
      silent.set(key, renewing)
      return renewing
    },
  }
  return core
}

function createUserCalls({ settings, navigators, session, run, signedIn, renew }: Core) {
  const calls = {
    getUser: (raisesEvent = false) => run(({ users }) => session.load(users, raisesEvent)),

    storeUser: (user: User | null) =>
      run(({ users, connection: { auth } }) => (user ? users.store(user) : auth.clear())),

    async removeUser(): Promise<void> {
      await calls.storeUser(null)
      await session.unload()
    },

    async signinRedirect(args: Original.SigninRedirectArgs = {}): Promise<void> {
      const url = await run((given) => redirectToSignIn(args, given, navigators.redirect))
      if (url !== undefined) await calls.signinRedirectCallback(url)
    },

    signinRedirectCallback: (url = location.href) =>
      signedIn((given) => completeSignIn(url, given)),

    signinPopup: (args: Original.SigninPopupArgs = {}) =>
      signedIn((given) =>
        navigators.popup
          ? signInWithNavigator(args, given, navigators.popup)
          : signInWithPopup(args, given),
      ),

    signinSilent: (args: Original.SigninSilentArgs = {}) => renew(args, {}),

    async signinCallback(url = location.href): Promise<User | undefined> {
      const kind = kindOfState(responseIn(url, settings).state)
      if (kind === 'popup' || kind === 'iframe') return void (await deliverResponse(url))
      if (kind !== 'redirect') throw new Error(NO_MATCHING_STATE)
      return calls.signinRedirectCallback(url)
    },

    signinPopupCallback: popupCallback(navigators),
    signinSilentCallback: (url?: string) => deliverResponse(url),

    clearStaleState: () =>
      State.clearStaleState(settings.stateStore, settings.staleStateAgeInSeconds),
  }
  return calls
}

function createSignOutCalls({ settings, navigators, session, run }: Core) {
  async function revoke({ users }: FlowDeps, types = settings.revokeTokenTypes): Promise<void> {
    const user = await users.revoke(types)
    if (user) await session.announce(user)
  }

  /** Signs out, and raises `userUnloaded` when the user has been removed: at the latest when the call ends. */
  const signOut = (
    call: (deps: FlowDeps, unloaded: () => Promise<void>) => Promise<unknown>,
  ): Promise<void> =>
    run(async (given) => {
      let unloading: Promise<void> | undefined
      const unloaded = () => {
        unloading ??= session.unload()
        return unloading
      }
      if (settings.revokeTokensOnSignout) await revoke(given)
      const stop = given.connection.auth.on('accountRemoved', () => void unloaded())
      try {
        await call(given, unloaded)
      } finally {
        stop()
        // A sign-out that could not start leaves the user signed in.
        if (!given.users.account()) await unloaded()
      }
    })

  return {
    revokeTokens: (types?: Original.RevokeTokensTypes) => run((given) => revoke(given, types)),

    signoutRedirect: (args: Original.SignoutRedirectArgs = {}) =>
      signOut((given, unloaded) => redirectToSignOut(args, given, unloaded, navigators.redirect)),

    signoutPopup: (args: Original.SignoutPopupArgs = {}) =>
      signOut((given, unloaded) =>
        navigators.popup
          ? signOutWithNavigator(args, given, unloaded, navigators.popup)
          : signOutWithPopup(args, given),
      ),

    signoutSilent: (args: Original.SignoutSilentArgs = {}) =>
      signOut((given) => signOutBeside('iframe', args, given)),

    signoutRedirectCallback: (url = location.href) => completeSignOut(url, settings),

    async signoutCallback(
      url = location.href,
      keepOpen = false,
    ): Promise<SignoutResponse | undefined> {
      const state = new URL(url, location.origin).searchParams.get('state') ?? ''
      if (kindOfState(state)) return void (await deliverResponse(url, keepOpen))
      const response = await completeSignOut(url, settings)
      return response.state === null ? undefined : response
    },

    signoutPopupCallback: popupCallback(navigators),
    signoutSilentCallback: (url?: string) => deliverResponse(url),
  }
}

/** Passes the response of a popup on: to the navigator of the app, if it has one. */
const popupCallback =
  ({ popup }: Navigators) =>
  async (url?: string, keepOpen?: boolean): Promise<void> =>
    popup ? popup.callback(url ?? location.href, { keepOpen }) : deliverResponse(url, keepOpen)

/** Functions by their names, without their types: the types are those of `oidc-client-ts`. */
type Functions = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>
export type Engine = ReturnType<typeof createEngine>
