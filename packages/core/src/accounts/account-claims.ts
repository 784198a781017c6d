import { type Account, type IdTokenClaims, withId } from './account.ts'

/** `https://login.example.com/realms/a/` -> `login.example.com/realms/a`. */
export function environmentOf(issuer: string): string {
  const url = new URL(issuer)
  return url.host + url.pathname.replace(/\/$/, '')
}

const textOf = (claims: IdTokenClaims, name: string): string | undefined => {
  const value = claims[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const usernameOf = (claims: IdTokenClaims): string | undefined =>
  textOf(claims, 'preferred_username') ?? textOf(claims, 'email') ?? textOf(claims, 'upn')

const namesOf = (claims: IdTokenClaims): Pick<Account, 'username' | 'name'> => ({
  username: usernameOf(claims) ?? claims.sub,
  name: textOf(claims, 'name'),
})

/**
 * Whom a provider should expect at its sign-in page: its own hint, else what the person types there. Never the
 * `sub`, which it would show to them.
 */
export const loginHintOf = ({ idTokenClaims, username }: Account): string | undefined =>
  textOf(idTokenClaims, 'login_hint') ??
  usernameOf(idTokenClaims) ??
  (username === '' || username === idTokenClaims.sub ? undefined : username)

/** Reads an account out of the validated claims of an ID token. */
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

/** The same on Entra: the tenant's view of an account whose home is told by `client_info`. */
export function entraAccountFromClaims(
  claims: IdTokenClaims,
  host: string,
  homeAccountId: string | undefined,
): Account {
  return withId({
    homeAccountId: homeAccountId ?? claims.sub,
    environment: host,
    tenantId: textOf(claims, 'tid') ?? '',
    localAccountId: textOf(claims, 'oid') ?? claims.sub,
    ...namesOf(claims),
    idTokenClaims: Object.freeze(claims),
  })
}

/**
 * Claims that an ID token of a refresh may omit although they are still true, because they describe the same
 * authentication (OpenID Connect Core section 12.2; `sid`: OpenID Connect Front-Channel Logout section 3). None of
 * them grants a right. `acr` and `amr` are not among them: apps decide by these claims what a user may do.
 */
const SAME_AUTHENTICATION = ['nonce', 'auth_time', 'azp', 'sid']

/**
 * The account with the claims of a newer ID token. A claim that the newer ID token lacks is gone, above all one that
 * grants rights (`roles`, `groups`, `email_verified`); only `SAME_AUTHENTICATION` is carried over.
 */
export function withNewerClaims(account: Account, newer: IdTokenClaims): Account {
  const before = account.idTokenClaims
  const kept = SAME_AUTHENTICATION.filter((name) => Object.hasOwn(before, name))
  const claims = { ...Object.fromEntries(kept.map((name) => [name, before[name]])), ...newer }
  return withNamesOf(account, { ...account, idTokenClaims: Object.freeze(claims) })
}

/**
 * The account with the names of `earlier` where its own ID token says none. Some providers send a minimal ID token to
 * a refresh or a hidden frame: without this, the page would suddenly show a `sub` for a name. Names grant no rights.
 */
export function withNamesOf(earlier: Account, account: Account): Account {
  const { idTokenClaims: claims } = account
  const username = usernameOf(claims) ?? earlier.username
  return Object.freeze({ ...account, username, name: textOf(claims, 'name') ?? earlier.name })
}
