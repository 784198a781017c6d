import { InteractionRequiredError, keepTrace } from '@carnet/core'
import type { AcquireTokenRequest } from '../../api/requests.ts'
import type { AuthenticationResult } from '../../api/result.ts'

/** The values of `prompt` that show the user a page (OpenID Connect Core section 3.1.2.1, Initiating User Registration 1.0). */
const SHOWS_PAGE: readonly string[] = ['login', 'consent', 'select_account', 'create']

/**
 * Answers silently, unless the request has a `prompt` that shows a page and the user declined one of its scopes. The app then
 * wants to ask the user again. A token for all scopes answers a request with any `prompt`.
 */
export const unlessPromptAsksAgain =
  (silent: (request: AcquireTokenRequest) => Promise<AuthenticationResult>) =>
  async (request: AcquireTokenRequest): Promise<AuthenticationResult> => {
    const result = await silent(request)
    const { scopes, resource, authority, claims, prompt = '' } = request
    const { declinedScopes, account } = result
    const showsPage = prompt.split(' ').some((value) => SHOWS_PAGE.includes(value))
    if (!showsPage || declinedScopes.length === 0) return result
    const error = new InteractionRequiredError(
      'consent',
      `The user declined ${declinedScopes.join(' ')}, and \`prompt\` wants the user to be asked again.`,
      { scopes, resource, authority, claims, account },
      { correlationId: result.correlationId },
    )
    throw keepTrace(error, () => result.trace)
  }
