import { parseJsonObject } from '../encoding/json.ts'
import { AuthError, type OAuthErrorDetails } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'
import type { HttpAnswer } from './http.ts'
import { dialectReason } from './provider-errors.ts'
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
    claims: isClaims(fields.claims) ? fields.claims : undefined,
    codes,
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { error, ...Object.fromEntries(present) }
}

/** A claims request goes into the next request: what is no JSON, or too long to send, is left out. */
const isClaims = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 8000 && parseJsonObject(value) !== undefined

/** Some providers quote the token or the code that they refuse, or the request that it stood in. */
const without = (secrets: readonly string[], value: unknown): unknown =>
  typeof value === 'string'
    ? secrets
        .filter((secret) => secret !== '')
        .flatMap((secret) => [secret, inForm(secret)])
        .reduce((text, secret) => text.replaceAll(secret, '(secret)'), value)
    : value

/** As it was sent: unlike `encodeURIComponent` this takes every text there is. */
const inForm = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)

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

/** Failures of the server that some answer with 400 (RFC 6749 section 4.1.2.1 has them for redirects). */
const PASSING = ['server_error', 'temporarily_unavailable']

/** A proxy wants its user to sign in (RFC 9110 section 15.5.8), or a captive portal does (RFC 6585 section 6). */
const OF_INTERMEDIARIES = [407, 511]

/**
 * True for an answer of an intermediary (RFC 9110 section 3.7): a proxy, a gateway, a firewall or a captive portal
 * answered in the place of the server. Only with status 500 a web page is likely to be of the server itself.
 */
export function isOfIntermediary({ status, body, headers }: HttpAnswer): boolean {
  // Some servers send their JSON as `text/html`.
  const isHtml = /\bhtml\b/i.test(headers.get('content-type') ?? '') && !parseJsonObject(body)
  const isPage = isHtml || /^\s*</.test(body)
  return OF_INTERMEDIARIES.includes(status) || (isPage && status !== 500)
}

/** The error for an answer of an intermediary. */
export const intermediaryError = (what: string, status: number, after?: number): AuthError =>
  new AuthError(
    'intermediary_answered',
    `A proxy, a gateway or a captive portal answered in the place of ${what}, with status ${status}.`,
    { retryAtMs: after },
  )

/**
 * The error that a token endpoint answered with (RFC 6749 section 5.2), or a failure of the server. Some refuse a
 * token with a status alone; a status that means no refusal came from something in front of the server.
 *
 * @param offsetMs By how much the clock of the server is ahead of ours, as far as is known.
 */
export function tokenEndpointError(
  answer: HttpAnswer,
  secrets: readonly string[] = [],
  nowMs = Date.now(),
  offsetMs = 0,
): AuthError {
  const { status, body, headers } = answer
  const fields = parseJsonObject(body)
  const oauth = readOAuthError(fields ?? {}, secrets)
  const says = oauth ? ` and "${oauth.error}"` : ' and no OAuth error'
  const refusal = oauth?.codes?.includes(NOT_SPA) ? 'redirect_uri_not_spa' : 'token_request_failed'
  const isMute = (status === 400 || status === 401) && (fields !== undefined || body.trim() === '')
  const isRefused = oauth !== undefined && dialectReason(oauth, 'refresh') !== undefined
  const passes =
    status === 408 ||
    status === 429 ||
    (status >= 500 && !isRefused) ||
    (oauth ? PASSING.includes(oauth.error) && !isRefused : status >= 400 && !isMute)
  // Some say what they refuse with the status of an answer.
  const isAnswer = status < 400 && !(status === 200 && oauth)
  const other = isAnswer ? 'invalid_response' : refusal
  const code = passes ? 'server_error' : other
  // Scripts can read the date where the server exposes it.
  const serverNowMs = Date.parse(headers.get('date') ?? '') || nowMs + offsetMs
  const afterMs = passes ? retryAtMs(headers.get('retry-after'), nowMs, serverNowMs) : undefined
  if (!oauth && isOfIntermediary(answer))
    return intermediaryError('the token endpoint', status, afterMs)
  return new AuthError(code, `The token endpoint answered with status ${status}${says}.`, {
    oauth,
    retryAtMs: afterMs,
  })
}
