import type * as Original from 'oidc-client-ts'
import { epochSeconds } from './timer.ts'

type UserArgs = ConstructorParameters<typeof Original.User>[0]

class SignedInUser {
  id_token: string | undefined
  session_state: string | null
  access_token: string
  refresh_token: string | undefined
  token_type: string
  scope: string | undefined
  profile: Original.UserProfile
  expires_at: number | undefined
  readonly state: unknown
  readonly url_state: string | undefined

  constructor(args: UserArgs) {
    this.id_token = args.id_token
    this.session_state = args.session_state ?? null
    this.access_token = args.access_token
    this.refresh_token = args.refresh_token
    this.token_type = args.token_type
    this.scope = args.scope
    this.profile = args.profile
    this.expires_at = args.expires_at
    this.state = args.userState
    this.url_state = args.url_state
  }

  get expires_in(): number | undefined {
    return this.expires_at === undefined ? undefined : this.expires_at - epochSeconds()
  }

  set expires_in(seconds: number | undefined) {
    if (seconds !== undefined) this.expires_at = Math.floor(seconds) + epochSeconds()
  }

  get expired(): boolean | undefined {
    const { expires_in } = this
    return expires_in === undefined ? undefined : expires_in <= 0
  }

  get scopes(): string[] {
    return this.scope?.split(' ') ?? []
  }

  /** The user as JSON, without the states of its sign-in. */
  toStorageString(): string {
    const { state: _, url_state: __, ...stored } = { ...this }
    return JSON.stringify(stored)
  }

  static fromStorageString(text: string): SignedInUser {
    return new SignedInUser(JSON.parse(text))
  }
}

export const User = SignedInUser as unknown as typeof Original.User
export type User = Original.User
