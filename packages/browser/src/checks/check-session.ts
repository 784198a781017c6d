import {
  areScopes,
  type Check,
  checkFields,
  isAuthority,
  isBoolean,
  isObject,
  isObjectOf,
  isPositive,
  isText,
} from './check-fields.ts'

const isJsonObject: Check = (value) => {
  try {
    if (isObject(value) && JSON.stringify(value)) return undefined
  } catch {} // JSON cannot hold the value.
  return 'must be an object of JSON values: members of a token response'
}

const accessToken = {
  token: isText,
  scopes: areScopes,
  resource: isText,
  expiresAtMs: isPositive,
  response: isJsonObject,
}
const refreshToken = {
  token: isText,
  scopes: areScopes,
  expiresAtMs: isPositive,
  signedInAtMs: isPositive,
}

const areAccessTokens: Check = (value) => {
  if (!Array.isArray(value)) return 'must be an array of access tokens'
  for (const one of value) {
    const problem = isObjectOf(accessToken)(one)
    if (problem !== undefined) return `holds an access token that ${problem}`
    for (const name of ['token', 'scopes', 'expiresAtMs'])
      if (one[name] === undefined) return `holds an access token without \`${name}\``
  }
  return undefined
}

const isRefreshToken: Check = (value) =>
  isObjectOf(refreshToken)(value) ??
  ((value as { token?: unknown }).token === undefined ? 'has no `token`' : undefined)

/** Checks a session before it is imported. @throws AuthError `invalid_request` with every invalid field. */
export const checkSession = (session: unknown): void =>
  checkFields(
    'The session',
    'invalid_request',
    session,
    {
      idToken: isText,
      authority: isAuthority,
      homeAccountId: isText,
      accessTokens: areAccessTokens,
      refreshToken: isRefreshToken,
      sessionState: isText,
      activates: isBoolean,
    },
    ['idToken'],
  )
