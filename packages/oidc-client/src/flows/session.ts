import { type Connection, connect } from '../carnet/connection.ts'
import { toOidcError } from '../carnet/to-oidc-error.ts'
import { Logger } from '../values/log.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import type { User } from '../values/user.ts'
import type { UserManagerEvents } from '../values/user-events.ts'
import type { FlowDeps } from './sign-in.ts'
import { createUsers } from './users.ts'

/** The user of a manager, with the events about the user. */
export interface Session {
  /** Makes a call with the open client. Errors become errors of `oidc-client-ts`. */
  run<T>(call: (deps: FlowDeps) => Promise<T>): Promise<T>
  /** Loads the stored user, and starts the timers of the token. */
  load(raisesEvent: boolean): Promise<User | null>
  /** Starts the timers of a user, and raises `userLoaded`. */
  announce(user: User): Promise<User>
  /** Stops the timers, and raises `userUnloaded`. */
  unload(): Promise<void>
  /** Makes a call that removes accounts: the removal is no news for this manager. */
  removing<T>(call: () => Promise<T>): Promise<T>
  /** True unless the user's token is valid. */
  isExpired(): boolean
}

/** Creates the session of a manager. Its client opens at the first need. */
export function createSession(
  settings: UserManagerSettingsStore,
  events: UserManagerEvents,
): Session {
  let opened: FlowDeps | undefined
  let user: User | null = null
  let removals = 0

  async function open(): Promise<FlowDeps> {
    const connection = await connect(settings)
    opened ??= depsOf(connection)
    return opened
  }

  function depsOf(connection: Connection): FlowDeps {
    const users = createUsers(settings, connection)
    connection.auth.on('accountRemoved', () => {
      if (user && removals === 0)
        followOtherTab().catch((error) => Logger.error('UserManager', error))
    })
    return {
      settings,
      connection,
      users: {
        ...users,
        adopt: (...given) => session.removing(() => users.adopt(...given)),
        store: (given) => session.removing(() => users.store(given)),
      },
    }
  }

  /** The user signed out in another tab, or another user signed in there. */
  async function followOtherTab(): Promise<void> {
    const next = (await opened?.users.load()) ?? null
    if (next && next.profile.sub === user?.profile.sub) return
    if (next) return void (await session.announce(next))
    await events._raiseUserSignedOut()
    await session.unload()
  }

  const session: Session = {
    async run(call) {
      try {
        // A popup must open in the click: do not wait for a client that is open.
        return await (opened ? call(opened) : open().then(call))
      } catch (error) {
        throw toOidcError(error)
      }
    },

    async load(raisesEvent) {
      // A server has no user.
      if (typeof window === 'undefined') return null
      const loaded = await session.run(({ users }) => users.load())
      if (loaded) {
        user = loaded
        await events.load(loaded, raisesEvent)
      }
      return loaded
    },

    async announce(next) {
      user = next
      await events.load(next)
      return next
    },

    async unload() {
      user = null
      await events.unload()
    },

    async removing(call) {
      removals += 1
      try {
        return await call()
      } finally {
        removals -= 1
      }
    },

    isExpired: () => user?.expired !== false,
  }
  return session
}
