import type { Connection } from '../carnet/connection.ts'
import { Logger } from '../values/log.ts'
import type { User } from '../values/user.ts'
import type { UserManagerEvents } from '../values/user-events.ts'
import type { Users } from './users.ts'

/** The user of a manager, with the events about the user. */
export interface Session {
  /** Loads the stored user, and starts the timers of the token. */
  load(users: Users, raisesEvent: boolean): Promise<User | null>
  /** Starts the timers of a user, and raises `userLoaded`. */
  announce(user: User): Promise<User>
  /** Stops the timers, and raises `userUnloaded`. */
  unload(): Promise<void>
  /** Follows the sign-outs and sign-ins of other tabs. */
  follow(connection: Connection, users: Users): void
  /** True unless the user's token is valid. */
  isExpired(): boolean
}

export function createSession(events: UserManagerEvents): Session {
  let user: User | null = null

  /** The user signed out in another tab, or another user signed in there. */
  async function followOtherTab(users: Users): Promise<void> {
    const next = await users.load()
    if (next && next.profile.sub === user?.profile.sub) return
    if (next) return void (await session.announce(next))
    await events._raiseUserSignedOut()
    await session.unload()
  }

  const session: Session = {
    async load(users, raisesEvent) {
      const loaded = await users.load()
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

    follow({ auth }, users) {
      auth.on('accountRemoved', ({ tab }) => {
        if (user && tab === 'other')
          followOtherTab(users).catch((error) => Logger.error('UserManager', error))
      })
    },

    isExpired: () => user?.expired !== false,
  }
  return session
}
