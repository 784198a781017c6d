import { AuthError, isSecureUrl } from '@carnet/core'
import type { SignInRequest } from '../api/web-app.ts'
import { checkText } from '../context/check-request.ts'

/** Parameters of the request that the app cannot set by `extraParameters`. */
const OF_PROTOCOL: ReadonlySet<string> = new Set([
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'request', 'request_uri', 'resource', 'claims'],
  ...['prompt', 'login_hint', 'domain_hint', 'max_age', 'client_secret', 'client_assertion'],
])

const invalid = (message: string) => new AuthError('invalid_request', message)

/** Checks the fields of a sign-in, besides the fields of every request. @throws AuthError `invalid_request` */
export function checkSignIn(request: SignInRequest): void {
  if (typeof request !== 'object' || request === null)
    throw invalid('The request must be an object with `redirectUri` and `scopes`.')
  const { redirectUri, responseMode, maxAgeMs, extraParameters = {} } = request
  if (!isSecureUrl(redirectUri) || redirectUri.includes('#'))
    throw invalid('`redirectUri` must be an https URL, or http on this machine, without fragment.')
  if (responseMode !== undefined && responseMode !== 'query' && responseMode !== 'form_post')
    throw invalid('`responseMode` must be "query" or "form_post".')
  if (responseMode === 'form_post' && !redirectUri.startsWith('https:'))
    throw invalid('`form_post` needs https: browsers send a `SameSite=None` cookie only there.')
  if (maxAgeMs !== undefined && !(typeof maxAgeMs === 'number' && maxAgeMs >= 0))
    throw invalid('`maxAgeMs` must be a number of milliseconds.')
  for (const name of ['prompt', 'loginHint', 'domainHint'] as const) checkText(request[name], name)
  for (const [name, value] of Object.entries(extraParameters)) {
    if (typeof value !== 'string') throw invalid(`\`extraParameters.${name}\` must be a text.`)
    if (OF_PROTOCOL.has(name))
      throw invalid(`\`extraParameters\` cannot set "${name}": use the field of the request.`)
  }
}

/**
 * The path of a URL of the app, with query and fragment.
 *
 * @throws AuthError `invalid_request` for a URL of another origin than that of `redirectUri`.
 */
export function localPath(url: unknown, redirectUri: string): string {
  const { origin } = new URL(redirectUri)
  const parsed = typeof url === 'string' ? parse(url, redirectUri) : undefined
  if (parsed?.origin !== origin)
    throw invalid('`returnTo` must be a path, or a URL of the origin of `redirectUri`.')
  // Two slashes at the beginning of a path would name another host.
  return `${parsed.pathname.replace(/^\/{2,}/, '/')}${parsed.search}${parsed.hash}`
}

function parse(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}
