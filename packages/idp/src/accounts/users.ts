import type { User } from '../model/options.ts'

/** Everybody's password: this provider is for development, and says so on its sign-in page. */
export const PASSWORD = 'password'

export interface Users {
  readonly all: readonly User[]
  /** By the `sub` claim, which is the user name. */
  bySub(sub: string | undefined): User | undefined
  /** By what people type: the user name or the mail address, in any case. */
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

/** The claims of OpenID Connect Core §5.1 that we know of a user. */
export function claimsOf({ username, name, email }: User) {
  return { sub: username, name, preferred_username: email, email, email_verified: true }
}
