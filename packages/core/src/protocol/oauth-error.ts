import { AuthError, type InteractionReason, type OAuthErrorDetails } from '../errors.ts'
import { parseJsonObject } from '../json.ts'
import { serverText } from '../server-text.ts'
import type { HttpAnswer } from './http.ts'

/** What an error response says: a JSON body or the parameters of a redirect. */
export function readOAuthError(
  fields: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): OAuthErrorDetails | undefined {
  const text = (value: unknown) => serverText(without(secrets, value))
  const error = text(fields.error)
  if (error === undefined) return undefined
  const codes = Array.isArray(fields.error_codes)
    ? fields.error_codes.filter((code) => typeof code === 'number').slice(0, 10)
    : undefined
  const optional = {
    description: text(fields.error_description),
    uri: text(fields.error_uri),
    suberror: text(fields.suberror),
    claims: isShort(fields.claims) ? fields.claims : undefined,
    codes,
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { error, ...Object.fromEntries(present) }
}

/** A claims request that is cut would not be JSON any more: a longer one is left out. */
const isShort = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 8000

/** Some providers quote the token or the code that they refuse. */
const without = (secrets: readonly string[], value: unknown): unknown =>
  typeof value === 'string'
    ? secrets.reduce((text, secret) => text.replaceAll(secret, '(secret)'), value)
    : value

/** Which error codes mean that the user must act (OpenID Connect Core 3.1.2.6, RFC 6749 5.2). */
const reasons: Readonly<Record<string, InteractionReason>> = {
  login_required: 'login',
  invalid_grant: 'login',
  consent_required: 'consent',
  invalid_scope: 'consent',
  account_selection_required: 'account_selection',
  interaction_required: 'interaction',
}

/** Why the user must act, where the error says so. */
export const interactionReason = (error: string): InteractionReason | undefined =>
  Object.hasOwn(reasons, error) ? reasons[error] : undefined

/** The error that a token endpoint answered with (RFC 6749 section 5.2), or a failure of the server. */
export function tokenEndpointError(
  { status, body }: HttpAnswer,
  secrets: readonly string[] = [],
): AuthError {
  const oauth = readOAuthError(parseJsonObject(body) ?? {}, secrets)
  const says = oauth ? ` and "${oauth.error}"` : ' and no OAuth error'
  const code = status === 429 || status >= 500 ? 'server_error' : 'token_request_failed'
  return new AuthError(code, `The token endpoint answered with status ${status}${says}.`, { oauth })
}
