import { type Account, type IdTokenClaims, withId } from './account.ts'

/** The environment of an issuer: `https://login.example.com/realms/a/` -> `login.example.com/realms/a`. */
export function environmentOf(issuer: string): string {
  const url = new URL(issuer)
  return url.host + url.pathname.replace(/\/$/, '')
}

/** The value of a claim that is a text; `undefined` for an empty text. */
export const claimText = (claims: IdTokenClaims, name: string): string | undefined => {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const usernameOf = (claims: IdTokenClaims): string | undefined =>
  claimText(claims, 'preferred_username') ?? claimText(claims, 'email') ?? claimText(claims, 'upn')

/** The names in the claims of an ID token. */
export const namesOf = (claims: IdTokenClaims): Pick<Account, 'username' | 'name'> => ({
  username: usernameOf(claims) ?? claims.sub,
  name: claimText(claims, 'name'),
})

/**
 * The `login_hint` for the sign-in page: the `login_hint` claim, else the name that the user types there. Never the `sub`,
 * because the page would show it to the user.
 */
export const loginHintOf = ({ idTokenClaims, username }: Account): string | undefined =>
  claimText(idTokenClaims, 'login_hint') ??
  usernameOf(idTokenClaims) ??
  (username === '' || username === idTokenClaims.sub ? undefined : username)

/** Creates an account from the validated claims of an ID token. */
export function accountFromClaims(claims: IdTokenClaims): Account {
  return withId({
    homeAccountId: claims.sub,
    environment: environmentOf(claims.iss),
    tenantId: '',
    localAccountId: claims.sub,
    ...namesOf(claims),
    idTokenClaims: Object.freeze(claims),
  })
}

/**
 * Claims that a refreshed ID token may omit although they still hold, because they describe the same authentication
 * (OpenID Connect Core section 12.2; `sid`: OpenID Connect Front-Channel Logout section 3). None of them grants a right.
 * `acr` and `amr` are not in the list, because apps decide by them what a user may do.
 */
const SAME_AUTHENTICATION = ['nonce', 'auth_time', 'azp', 'sid']

/**
 * The account with the claims of a newer ID token. Claims that the newer ID token omits are removed, above all claims that
 * grant rights (`roles`, `groups`, `email_verified`). Only the claims in `SAME_AUTHENTICATION` are carried over.
 */
export function withNewerClaims(account: Account, newer: IdTokenClaims): Account {
  const before = account.idTokenClaims
  const kept = SAME_AUTHENTICATION.filter((name) => Object.hasOwn(before, name))
  const claims = { ...Object.fromEntries(kept.map((name) => [name, before[name]])), ...newer }
  return withNamesOf(account, { ...account, idTokenClaims: Object.freeze(claims) })
}

/**
 * The account, with the names of `earlier` if its own ID token has none. Some providers send a minimal ID token to a
 * refresh or a hidden iframe. Without this rule, the page would show a `sub` as the name. Names grant no rights.
 */
export function withNamesOf(earlier: Account, account: Account): Account {
  const { idTokenClaims: claims } = account
  const username = usernameOf(claims) ?? earlier.username
  return Object.freeze({ ...account, username, name: claimText(claims, 'name') ?? earlier.name })
}
