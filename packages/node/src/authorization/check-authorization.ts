import { AuthError, isSecureUrl } from '@carnet/core'
import type { AuthorizationRequest } from '../api/authorization.ts'
import { checkText } from '../context/check-request.ts'

/** Parameters of the request that the app cannot set by `extraParameters`. */
const OF_PROTOCOL: ReadonlySet<string> = new Set([
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce'],
  ...['code_challenge', 'code_challenge_method', 'request', 'request_uri', 'resource', 'claims'],
  ...[
    'prompt',
    'login_hint',
    'domain_hint',
    'max_age',
    'client_secret',
    'client_assertion',
    'dpop_jkt',
  ],
])

const invalid = (message: string) => new AuthError('invalid_request', message)

/** Checks the fields of an authorization request, besides the fields of every request. @throws AuthError `invalid_request` */
export function checkAuthorization(request: AuthorizationRequest): void {
  if (typeof request !== 'object' || request === null)
    throw invalid('The request must be an object with `redirectUri` and `scopes`.')
  const { redirectUri, maxAgeMs, extraParameters = {} } = request
  if (!isSecureUrl(redirectUri) || redirectUri.includes('#'))
    throw invalid('`redirectUri` must be an https URL, or http on this machine, without fragment.')
  if (maxAgeMs !== undefined && !(typeof maxAgeMs === 'number' && maxAgeMs >= 0))
    throw invalid('`maxAgeMs` must be a number of milliseconds.')
  for (const name of ['prompt', 'loginHint', 'domainHint'] as const) checkText(request[name], name)
  for (const [name, value] of Object.entries(extraParameters)) {
    if (typeof value !== 'string') throw invalid(`\`extraParameters.${name}\` must be a text.`)
    if (OF_PROTOCOL.has(name))
      throw invalid(`\`extraParameters\` cannot set "${name}": use the field of the request.`)
  }
}
