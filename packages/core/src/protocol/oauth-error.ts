import { reasonOfProvider } from '../dialects/provider-errors.ts'
import { parseJsonObject } from '../encoding/json.ts'
import { AuthError, type OAuthErrorDetails } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'
import type { HttpAnswer } from './http.ts'
import { retryAtMs } from './retry-after.ts'

/**
 * Reads an OAuth error from the fields of a JSON body, or from the parameters of a redirect.
 *
 * @param secrets Values to remove from the texts of the error.
 * @returns `undefined` if there is no `error`.
 */
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
    claims: isClaims(fields.claims) ? fields.claims : undefined,
    codes,
    traceId: text(fields.trace_id ?? inDescription(fields, 'Trace ID')),
    correlationId: text(fields.correlation_id ?? inDescription(fields, 'Correlation ID')),
    timestamp: text(fields.timestamp ?? inDescription(fields, 'Timestamp')),
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { error, ...Object.fromEntries(present) }
}

/** A detail in the description of an Entra error. Redirects have it only there. */
function inDescription(
  { error_description: text }: Readonly<Record<string, unknown>>,
  name: string,
) {
  if (typeof text !== 'string' || !text.startsWith('AADSTS')) return undefined
  return new RegExp(`${name}: ([\\w-]+(?: [\\d:]+Z)?)`).exec(text)?.[1]
}

/** True for a claims request that the next request can carry: a JSON object that is not too long. */
const isClaims = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 8000 && parseJsonObject(value) !== undefined

/** Removes secrets: some providers quote the refused token or code, or the whole request. */
const without = (secrets: readonly string[], value: unknown): unknown =>
  typeof value === 'string'
    ? secrets
        .filter((secret) => secret !== '')
        .flatMap((secret) => [secret, inForm(secret)])
        .reduce((text, secret) => text.replaceAll(secret, '(secret)'), value)
    : value

/** The text as it was sent in a form. Unlike `encodeURIComponent`, it accepts every string. */
const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

/** The numbers of Entra's errors: token responses have a list, and redirects have a number at the start of the text. */
function codesOf({
  error_codes: list,
  error_description: text,
}: Readonly<Record<string, unknown>>) {
  if (Array.isArray(list)) return list.filter((code) => typeof code === 'number').slice(0, 10)
  const [, code] = (typeof text === 'string' && /^AADSTS(\d{4,9})\b/.exec(text)) || []
  return code === undefined ? undefined : [Number(code)]
}

/** AADSTS9002326: the redirect URI is not registered for single-page apps. */
const NOT_SPA = 9002326

/** Transient errors that some servers send with status 400. RFC 6749 section 4.1.2.1 defines them for redirects. */
const PASSING = ['server_error', 'temporarily_unavailable']

/** Status codes of proxies (RFC 9110 section 15.5.8) and captive portals (RFC 6585 section 6) that require a sign-in. */
const OF_INTERMEDIARIES = [407, 511]

/**
 * True for a response of an intermediary (RFC 9110 section 3.7): a proxy, a gateway, a firewall or a captive portal. A web
 * page with status 500 probably comes from the server itself.
 */
export function isOfIntermediary({ status, body, headers }: HttpAnswer): boolean {
  // Some servers send their JSON as `text/html`.
  const isHtml = /\bhtml\b/i.test(headers.get('content-type') ?? '') && !parseJsonObject(body)
  const isPage = isHtml || /^\s*</.test(body)
  return OF_INTERMEDIARIES.includes(status) || (isPage && status !== 500)
}

/** The error for a response of an intermediary. */
export const intermediaryError = (what: string, status: number, after?: number): AuthError =>
  withStatus(
    status,
    new AuthError(
      'intermediary_answered',
      `A proxy, a gateway or a captive portal answered instead of ${what}, with status ${status}.`,
      { retryAtMs: after },
    ),
  )

/** Adds the status of the response. Not in the constructor, which every page loads first. */
const withStatus = (status: number, error: AuthError) => Object.assign(error, { status })

/**
 * The error for a failed token request: the OAuth error of the response (RFC 6749 section 5.2), or a failure of the server.
 * Some servers refuse a token with status 400 or 401 only. Any other error status without an OAuth error is transient.
 *
 * @param offsetMs How far the server's clock is ahead of the page's clock, in milliseconds, if known.
 */
export function tokenEndpointError(
  answer: HttpAnswer,
  secrets: readonly string[] = [],
  nowMs = Date.now(),
  offsetMs = 0,
  endpoint = 'token endpoint',
): AuthError {
  const { status, body, headers } = answer
  const fields = parseJsonObject(body)
  const oauth = readOAuthError(fields ?? {}, secrets)
  const says = oauth ? ` and "${oauth.error}"` : ' and no OAuth error'
  const refusal = oauth?.codes?.includes(NOT_SPA) ? 'redirect_uri_not_spa' : 'token_request_failed'
  const isMute = (status === 400 || status === 401) && (fields !== undefined || body.trim() === '')
  const isRefused = oauth !== undefined && reasonOfProvider(oauth, 'refresh') !== undefined
  const passes =
    status === 408 ||
    status === 429 ||
    (status >= 500 && !isRefused) ||
    (oauth ? PASSING.includes(oauth.error) && !isRefused : status >= 400 && !isMute)
  // Some servers send an OAuth error with status 200.
  const isAnswer = status < 400 && !(status === 200 && oauth)
  const other = isAnswer ? 'invalid_response' : refusal
  const code = passes ? 'server_error' : other
  // Scripts can read `Date` only if the server exposes the header.
  const serverNowMs = Date.parse(headers.get('date') ?? '') || nowMs + offsetMs
  const afterMs = passes ? retryAtMs(headers.get('retry-after'), nowMs, serverNowMs) : undefined
  if (!oauth && isOfIntermediary(answer))
    return intermediaryError(`the ${endpoint}`, status, afterMs)
  const message = `The ${endpoint} answered with status ${status}${says}.`
  return withStatus(status, new AuthError(code, message, { oauth, retryAtMs: afterMs }))
}
