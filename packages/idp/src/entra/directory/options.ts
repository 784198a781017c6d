import type { IdentityProviderOptions, User } from '../../model/options.ts'
import type { FederationOptions } from './federation-options.ts'
import type { tenants } from './tenants.ts'

/** A user and the tenants of that user. */
export interface EntraUser extends User {
  readonly home: keyof typeof tenants
  /** True if the user is a guest in the other tenant. Default false. */
  readonly isGuestElsewhere?: boolean
}

export interface EntraProviderOptions extends Omit<IdentityProviderOptions, 'users'> {
  /** Default: alice and bob of Contoso, and carol of Fabrikam, who is a guest of Contoso. */
  readonly users?: readonly EntraUser[]
  /** Default: none, so Entra manages the passwords of all users itself. */
  readonly federation?: FederationOptions
}

export const defaultEntraUsers: readonly EntraUser[] = [
  { username: 'alice', name: 'Alice Adams', email: 'alice@contoso.example', home: 'home' },
  { username: 'bob', name: 'Bob Brown', email: 'bob@contoso.example', home: 'home' },
  {
    username: 'carol',
    name: 'Carol Clark',
    email: 'carol@fabrikam.example',
    home: 'guest',
    isGuestElsewhere: true,
  },
]
