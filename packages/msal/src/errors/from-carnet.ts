import {
  AuthError,
  ClientAuthError,
  ClientConfigurationError,
  InteractionRequiredAuthError,
  ServerError,
} from '@azure/msal-common/browser'
import {
  type AuthError as CarnetError,
  type InteractionReason,
  isAuthError,
  isInteractionRequired,
} from '@carnet/browser'
import { BrowserAuthError } from './browser-auth-error.ts'
import { BrowserConfigurationAuthError } from './browser-configuration-auth-error.ts'

/** The codes of `InteractionRequiredAuthError` for reasons without an error of the provider. */
const REASONS: Partial<Record<InteractionReason, string>> = {
  no_tokens: 'no_tokens_found',
  no_account: 'no_tokens_found',
  login: 'login_required',
  third_party_cookies: 'login_required',
  consent: 'consent_required',
  admin_consent: 'consent_required',
  refresh_token_expired: 'refresh_token_expired',
}

const SERVER = /^(access_denied|authorization_failed|authentication_expired|token_request_failed)$/

type Create = (correlationId: string, detail: string) => AuthError

const client =
  (code: string): Create =>
  (id, detail) =>
    new ClientAuthError(code, id, detail)
const browser =
  (code: string, subError?: string): Create =>
  (id) =>
    new BrowserAuthError(code, id, subError)
const settings =
  (code: string): Create =>
  (id) =>
    new ClientConfigurationError(code, id)

/** The errors of the original for the codes of Carnet that have no error response of the provider. */
const OTHERS: Readonly<Record<string, Create>> = {
  no_cached_token: client('token_refresh_required'),
  network_error: browser('post_request_failed'),
  blocked_by_csp: browser('post_request_failed'),
  intermediary_answered: browser('failed_to_parse_response'),
  offline: browser('no_network_connectivity'),
  discovery_failed: client('endpoints_resolution_error'),
  issuer_mismatch: settings('issuer_validation_failed'),
  issuer_identification_failed: client('state_mismatch'),
  invalid_id_token: client('token_parsing_error'),
  transaction_not_found: browser('no_token_request_cache_error'),
  transaction_expired: browser('no_token_request_cache_error'),
  unusable_response: client('authorization_code_missing_from_server_response'),
  invalid_response: client('token_parsing_error'),
  popup_blocked: browser('popup_window_error'),
  user_cancelled: browser('user_cancelled'),
  popup_timeout: browser('timed_out'),
  timeout: browser('timed_out'),
  iframe_timeout: browser('timed_out', 'redirect_bridge_timeout'),
  iframe_refused: browser('timed_out', 'redirect_bridge_timeout'),
  redirect_page_unusable: browser('timed_out', 'redirect_bridge_timeout'),
  navigation_stopped: browser('timed_out', 'failed_to_redirect'),
  redirect_in_iframe: browser('redirect_in_iframe'),
  aborted: browser('interaction_in_progress_cancelled'),
  end_session_unsupported: client('end_session_endpoint_not_supported'),
  insecure_context: browser('crypto_nonexistent'),
  unsupported_environment: browser('non_browser_environment'),
  no_account: browser('no_account_error'),
  account_not_found: client('no_account_found'),
  storage_unavailable: (id, detail) =>
    new BrowserConfigurationAuthError('storage_not_supported', id, detail),
}

/** The errors of a provider that the user can resolve. After `invalid_grant`, a sign-in gives a new grant. */
const BY_USER =
  /^(interaction_required|consent_required|login_required|account_selection_required|bad_token|ui_not_allowed|interrupted_user|invalid_grant)$/

/** True if the user can help. Another error of the provider, such as `invalid_scope`, is a mistake of the app. */
const asksUser = ({ oauth }: CarnetError): boolean =>
  !oauth || BY_USER.test(oauth.error) || BY_USER.test(oauth.suberror ?? '') || !!oauth.claims

/** Converts an error of Carnet; see `toMsalError`. */
export function fromCarnet(error: unknown, correlationId: string): unknown {
  if (!isAuthError(error)) return error
  return Object.defineProperty(convert(error, correlationId), 'cause', {
    value: error,
    configurable: true,
    writable: true,
  })
}

/** The number of an Entra error. As in `@azure/msal-browser`, the token endpoint has a number, and a redirect has a text. */
function errorNoOf({ oauth, status, cause }: CarnetError): string | undefined {
  const code = oauth?.codes?.[0]
  const isOfTokenEndpoint = (status ?? (cause as CarnetError | undefined)?.status) !== undefined
  return isOfTokenEndpoint ? (code as unknown as string) : code?.toString()
}

function convert(error: CarnetError, correlationId: string): AuthError {
  const { code, message, hint, oauth } = error
  const detail = `${message} ${hint}`
  if (isInteractionRequired(error) && asksUser(error)) {
    if (error.reason === 'iframe_failed')
      return new BrowserAuthError('timed_out', correlationId, 'redirect_bridge_timeout')
    return new InteractionRequiredAuthError(
      oauth?.error ?? REASONS[error.reason] ?? 'interaction_required',
      correlationId,
      oauth?.description ?? detail,
      oauth?.suberror,
      oauth?.timestamp ?? '',
      oauth?.traceId ?? '',
      oauth?.claims ?? error.request.claims ?? '',
      errorNoOf(error),
    )
  }
  const known = OTHERS[code]
  if (known && !(oauth && SERVER.test(code))) return known(correlationId, detail)
  if (oauth || SERVER.test(code) || code === 'server_error')
    return new ServerError(
      oauth?.error ?? code,
      correlationId,
      oauth?.description ?? detail,
      oauth?.suberror,
      errorNoOf(error),
    )
  if (code === 'invalid_options' || code === 'invalid_request')
    return new BrowserConfigurationAuthError(code, correlationId, detail)
  return new AuthError(code, correlationId, detail)
}
