import { type InteractionReason, isAuthError, isInteractionRequired } from '@carnet/browser'

/** What to say of an outcome that is nobody's mistake: what happened, and what can be done. */
export interface Words {
  readonly message: string
  readonly advice: string
}

const NEEDS_USER: Readonly<Record<InteractionReason, Words>> = {
  no_account: {
    message: 'Nobody is signed in here.',
    advice: 'Sign in first.',
  },
  no_tokens: {
    message: 'Nothing is held here that a token could be renewed with.',
    advice: 'The provider can hand out a new one, if you go there.',
  },
  login: {
    message: 'The provider does not recognise you without asking.',
    advice: 'There is no session, or none that a hidden frame can see. Sign in instead.',
  },
  consent: {
    message: 'The provider wants your permission first.',
    advice: 'It asks for it on its own page.',
  },
  admin_consent: {
    message: 'An administrator has to agree first.',
    advice: "Ask whoever looks after your organisation's apps, or go on with another account.",
  },
  mfa: {
    message: 'The provider wants another factor.',
    advice: 'You can give it on its own page.',
  },
  claims: {
    message: 'This call wants more than your sign-in has shown so far.',
    advice: 'The provider asks for the rest on its own page.',
  },
  refresh_token_expired: {
    message: 'Your session has come to its end.',
    advice:
      'Providers end them after a while, however busy you were. Sign in again and go on here.',
  },
  account_selection: {
    message: 'The provider knows several people here, or somebody else.',
    advice: 'Choose an account on its page.',
  },
  interaction: {
    message: 'The provider wants to show you a page first.',
    advice: 'What it wants to know, it will say there.',
  },
  third_party_cookies: {
    message: "Your browser keeps the provider's cookies out of hidden frames.",
    advice:
      'So the provider cannot see there that you have a session. Signing in works all the same: in a window or by redirect the provider is visited itself, with its cookies.',
  },
  iframe_failed: {
    message: 'The provider gave no answer in a hidden frame.',
    advice: 'It may not let itself be framed. Signing in on its own page works all the same.',
  },
}

/** The words for an error that is no alarm; nothing for the others. */
export function politeWords(error: unknown): Words | undefined {
  if (isInteractionRequired(error)) return NEEDS_USER[error.reason]
  if (!isAuthError(error)) return undefined
  switch (error.code) {
    case 'popup_blocked':
      return {
        message: 'Your browser did not open the window.',
        advice: 'Allow windows for this page if it asks, then use the button again.',
      }
    case 'access_denied':
      return {
        message: 'You said no at the provider, or the provider did.',
        advice: 'That is fine: what you had, you have. You are asked again only when you say so.',
      }
    case 'user_cancelled':
      return {
        message: 'You came back without an answer from the provider.',
        advice: 'That is fine: nothing has changed. The button is there when you want it.',
      }
    case 'end_session_unsupported':
      return {
        message: 'You are signed out here.',
        advice:
          'This provider cannot be asked to end its own session: there you may still be signed in.',
      }
    case 'iframe_refused':
      return NEEDS_USER.iframe_failed
    default:
      return undefined
  }
}

/** The code, with the reason where there is one: what a developer would look up. */
export function codeOf(error: unknown): string | undefined {
  if (isInteractionRequired(error)) return `${error.code}: ${error.reason}`
  return isAuthError(error) ? error.code : undefined
}
