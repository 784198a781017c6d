import type { IdTokenClaims } from '../accounts/account.ts'
import { auth0Dialect } from '../dialects/auth0/auth0-dialect.ts'
import { entraDialect } from '../dialects/entra/entra-dialect.ts'
import { oidcDialect } from '../dialects/oidc/oidc-dialect.ts'

/** All dialects, by their names. */
export const DIALECTS = { oidc: oidcDialect, entra: entraDialect, auth0: auth0Dialect }

/** The account of an ID token at a plain provider. */
export const accountFromClaims = (claims: IdTokenClaims) =>
  oidcDialect.accountOf(claims, claims.iss, undefined)

/** The account of an ID token at Entra. */
export const entraAccountFromClaims = (
  claims: IdTokenClaims,
  host: string,
  homeAccountId: string | undefined,
) => entraDialect.accountOf(claims, `https://${host}/`, homeAccountId)
