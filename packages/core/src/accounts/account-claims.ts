import type { Account, IdTokenClaims } from './account.ts'

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
export const loginHintOf = ({ idTokenClaims }: Account): string | undefined =>
  textOf(idTokenClaims, 'login_hint') ?? usernameOf(idTokenClaims)

/** Reads an account out of the validated claims of an ID token. */
export function accountFromClaims(claims: IdTokenClaims): Account {
  return Object.freeze({
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
  return Object.freeze({
    homeAccountId: homeAccountId ?? claims.sub,
    environment: host,
    tenantId: textOf(claims, 'tid') ?? '',
    localAccountId: textOf(claims, 'oid') ?? claims.sub,
    ...namesOf(claims),
    idTokenClaims: Object.freeze(claims),
  })
}

/** The account with the claims of a newer ID token, which may say less than the first one did. */
export function withNewerClaims(account: Account, newer: IdTokenClaims): Account {
  const claims = { ...account.idTokenClaims, ...newer }
  return Object.freeze({ ...account, ...namesOf(claims), idTokenClaims: Object.freeze(claims) })
}
