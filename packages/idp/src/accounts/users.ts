import type { User } from '../model/options.ts'

/** The password of all users. The sign-in page shows it, because the provider is for development only. */
export const PASSWORD = 'password'

export interface Users {
  readonly all: readonly User[]
  /** Finds a user by the `sub` claim, which is the user name. */
  bySub(sub: string | undefined): User | undefined
  /** Finds a user by the user name or the email address, in any case. */
  byLogin(login: string | undefined): User | undefined
}

export function createUsers(all: readonly User[]): Users {
  return {
    all,
    bySub: (sub) => all.find((user) => user.username === sub),
    byLogin(login) {
      const typed = login?.trim().toLowerCase()
      return all.find(({ username, email }) =>
        [username, email].some((name) => name.toLowerCase() === typed),
      )
    },
  }
}

/** The standard claims of a user (OpenID Connect Core §5.1). */
export function claimsOf({ username, name, email }: User) {
  return { sub: username, name, preferred_username: email, email, email_verified: true }
}
