import { type InteractionReason, isAuthError, isInteractionRequired } from '@carnet/browser'

/** The text for an expected outcome: a message and advice. */
export interface Words {
  readonly message: string
  readonly advice: string
}

const NEEDS_USER: Readonly<Record<InteractionReason, Words>> = {
  no_account: {
    message: 'No user is signed in here.',
    advice: 'Sign in first.',
  },
  no_tokens: {
    message: 'The app has no refresh token to get a new token.',
    advice: 'Go to the provider to get a new token.',
  },
  login: {
    message: 'The provider cannot sign you in without asking.',
    advice:
      'There is no session at the provider, or a hidden iframe cannot use it. Sign in instead.',
  },
  consent: {
    message: 'The provider needs your permission first.',
    advice: 'Give your permission on the page of the provider.',
  },
  admin_consent: {
    message: 'An administrator must give permission first.',
    advice: "Ask the administrator of your organisation's apps, or continue with another account.",
  },
  mfa: {
    message: 'The provider needs a second factor.',
    advice: 'Confirm your sign-in on the page of the provider.',
  },
  claims: {
    message: 'This call needs a stronger sign-in.',
    advice: 'Confirm your sign-in on the page of the provider.',
  },
  key_lost: {
    message: 'The key of your session is no longer in this browser.',
    advice: 'Sign in again: the app gets a new key.',
  },
  refresh_token_expired: {
    message: 'Your session has ended.',
    advice:
      'Providers end sessions after some time, even while you use them. Sign in again and continue here.',
  },
  account_selection: {
    message: 'The provider has several sessions, or a session of another user.',
    advice: 'Choose an account on the page of the provider.',
  },
  interaction: {
    message: 'The provider must show you a page first.',
    advice: 'Continue on the page of the provider.',
  },
  third_party_cookies: {
    message: "Your browser blocks the provider's cookies in hidden iframes.",
    advice:
      'The provider cannot see your session in a hidden iframe. Sign in by popup or by redirect: there the provider gets its cookies.',
  },
  iframe_failed: {
    message: 'The provider did not respond in a hidden iframe.',
    advice: 'The provider may forbid iframes. Sign in on the page of the provider instead.',
  },
}

/** The text for an expected error, or `undefined` for all other errors. */
export function politeWords(error: unknown): Words | undefined {
  if (isInteractionRequired(error)) return NEEDS_USER[error.reason]
  if (!isAuthError(error)) return undefined
  switch (error.code) {
    case 'popup_blocked':
      return {
        message: 'Your browser did not open the popup.',
        advice: 'Allow popups for this page, then use the button again.',
      }
    case 'access_denied':
      return {
        message: 'You or the provider declined the request.',
        advice: 'Nothing has changed here. The page asks again only when you request it.',
      }
    case 'user_cancelled':
      return {
        message: 'You came back without a response from the provider.',
        advice: 'Nothing has changed here. You can use the button again at any time.',
      }
    case 'end_session_unsupported':
      return {
        message: 'You are signed out here.',
        advice: 'This provider has no sign-out for apps, so you may still be signed in there.',
      }
    case 'iframe_refused':
      return NEEDS_USER.iframe_failed
    default:
      return undefined
  }
}

/** The error code, with the reason if there is one. */
export function codeOf(error: unknown): string | undefined {
  if (isInteractionRequired(error)) return `${error.code}: ${error.reason}`
  return isAuthError(error) ? error.code : undefined
}
