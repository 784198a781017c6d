import { isAuthError } from '@carnet/browser'
import { ErrorResponse, ErrorTimeout } from '../values/errors.ts'
import { fromAppState } from './sent-state.ts'

/** The text of the error for a response that no sign-in waits for. Apps compare it. */
export const NO_MATCHING_STATE = 'No matching state found in storage'

/** Texts that apps compare, by the codes of Carnet. */
const TEXTS: Readonly<Record<string, string>> = {
  transaction_not_found: NO_MATCHING_STATE,
  transaction_expired: NO_MATCHING_STATE,
  user_cancelled: 'Popup closed by user',
  aborted: 'Popup aborted',
  timeout: 'Network timed out',
  iframe_timeout: 'IFrame timed out without a response',
  end_session_unsupported: 'No end session endpoint',
}

const TIMEOUTS = ['timeout', 'iframe_timeout', 'iframe_refused', 'redirect_page_unusable']

/** Reasons of `interaction_required` for which the provider gave no error. */
const CODES: Readonly<Record<string, string>> = {
  consent: 'consent_required',
  refresh_token_expired: 'invalid_grant',
}

/** The error that `oidc-client-ts` throws in the same situation. Its `cause` is the error of Carnet. */
export function toOidcError(error: unknown): unknown {
  if (!isAuthError(error)) return error
  const { code, oauth, message, cause } = error
  const { reason } = error as { reason?: string }
  if (oauth) {
    const { data, url_state } = fromAppState(error.state)
    return withCause(
      new ErrorResponse({
        error: oauth.error,
        error_description: oauth.description ?? null,
        error_uri: oauth.uri ?? null,
        userState: data,
        ...(url_state !== undefined && { url_state }),
      }),
      error,
    )
  }
  if (TIMEOUTS.includes(code) || reason === 'iframe_failed')
    return withCause(new ErrorTimeout(TEXTS[code] ?? message), error)
  if (reason !== undefined)
    return withCause(
      new ErrorResponse({ error: CODES[reason] ?? 'login_required', error_description: message }),
      error,
    )
  if ((code === 'network_error' || code === 'offline') && cause instanceof Error) return cause
  return withCause(new Error(TEXTS[code] ?? message), error)
}

const withCause = (error: Error, cause: unknown): Error => Object.assign(error, { cause })
