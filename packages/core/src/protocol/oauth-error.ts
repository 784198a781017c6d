import { AuthError, type OAuthErrorDetails } from '../errors.ts'
import { parseJsonObject } from '../json.ts'
import { serverText } from '../server-text.ts'
import type { HttpAnswer } from './http.ts'
import { retryAtMs } from './retry-after.ts'

/** What an error response says: a JSON body or the parameters of a redirect. */
export function readOAuthError(
  fields: Readonly<Record<string, unknown>>,
  secrets: readonly string[] = [],
): OAuthErrorDetails | undefined {
  const text = (value: unknown) => serverText(without(secrets, value))
  const error = text(fields.error)
  if (error === undefined) return undefined
  const codes = codesOf(fields)
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

/** The numbers of Entra's errors: a list in token responses, at the head of the text in redirects. */
function codesOf({
  error_codes: list,
  error_description: text,
}: Readonly<Record<string, unknown>>) {
  if (Array.isArray(list)) return list.filter((code) => typeof code === 'number').slice(0, 10)
  const [, code] = (typeof text === 'string' && /^AADSTS(\d{4,9})\b/.exec(text)) || []
  return code === undefined ? undefined : [Number(code)]
}

/** The redirect URI is registered for another platform than single-page apps. */
const NOT_SPA = 9002326

/** The error that a token endpoint answered with (RFC 6749 section 5.2), or a failure of the server. */
export function tokenEndpointError(
  { status, body, headers }: HttpAnswer,
  secrets: readonly string[] = [],
  nowMs = Date.now(),
): AuthError {
  const oauth = readOAuthError(parseJsonObject(body) ?? {}, secrets)
  const says = oauth ? ` and "${oauth.error}"` : ' and no OAuth error'
  const refusal = oauth?.codes?.includes(NOT_SPA) ? 'redirect_uri_not_spa' : 'token_request_failed'
  const code = status === 429 || status >= 500 ? 'server_error' : refusal
  return new AuthError(code, `The token endpoint answered with status ${status}${says}.`, {
    oauth,
    retryAtMs: code === 'server_error' ? retryAtMs(headers.get('retry-after'), nowMs) : undefined,
  })
}
