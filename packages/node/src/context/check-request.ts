import { AuthError, isScope } from '@carnet/core'
import type { ProviderDialect } from '@carnet/core/services'
import type { ServiceRequest } from '../api/requests.ts'
import { claimsOf } from '../credentials/federated.ts'

const invalid = (message: string) => new AuthError('invalid_request', message)

/** Checks the fields that every request has. @throws AuthError `invalid_request` */
export function checkRequest(request: ServiceRequest): void {
  checkObject(request)
  const { scopes, resource, claims, signal } = request
  if (
    !Array.isArray(scopes) ||
    !scopes.every((scope) => typeof scope === 'string' && isScope(scope))
  )
    throw invalid('`scopes` must be an array of scopes (RFC 6749 section 3.3).')
  if (resource !== undefined && !(typeof resource === 'string' && URL.canParse(resource)))
    throw invalid('`resource` must be an absolute URI (RFC 8707).')
  if (claims !== undefined && !isJsonObject(claims))
    throw invalid('`claims` must be a JSON object as text (OpenID Connect Core section 5.5).')
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalid('`signal` must be an AbortSignal.')
}

/** Checks that a request is an object, before its fields are read. @throws AuthError `invalid_request` */
export function checkObject(request: unknown): void {
  if (typeof request !== 'object' || request === null)
    throw invalid('The request must be an object with `scopes`.')
}

/** Checks the scopes of a token for the app on Entra: one `.default`. @throws AuthError `invalid_request` */
export function checkAppScopes(
  scopes: readonly string[],
  dialect: Pick<ProviderDialect, 'name'>,
): void {
  if (dialect.name !== 'entra' || !Array.isArray(scopes)) return
  const [scope, ...others] = scopes
  if (scope === undefined || others.length > 0 || !scope.toLowerCase().endsWith('/.default'))
    throw invalid(
      'A token for the app needs exactly one scope of the form "<resource>/.default" on Entra.',
    )
}

/** Checks a token that the app received. @throws AuthError `invalid_request` */
export function checkToken(token: unknown, name: string, mustBeJwt: boolean): void {
  if (typeof token !== 'string' || token.trim() === '')
    throw invalid(`\`${name}\` must be the token that the app received.`)
  if (/^bearer /i.test(token)) throw invalid(`\`${name}\` must not begin with "Bearer".`)
  if (mustBeJwt && !claimsOf(token))
    throw invalid(`\`${name}\` is not a JWT. Pass the access token of the request, unchanged.`)
}

/** Checks a text that the caller may omit. @throws AuthError `invalid_request` */
export function checkText(value: unknown, name: string): void {
  if (value !== undefined && (typeof value !== 'string' || value === ''))
    throw invalid(`\`${name}\` must be a text.`)
}

/** Checks the key of a long-running session. @throws AuthError `invalid_request` */
export function checkKey(key: unknown): void {
  if (typeof key !== 'string' || key === '')
    throw invalid('`key` must be the key of `longRunning.begin`.')
}

function isJsonObject(text: unknown): boolean {
  try {
    const value: unknown = JSON.parse(String(text))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
