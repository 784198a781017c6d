import type { AuthenticationResult, HandleRedirectPromiseOptions } from '@azure/msal-browser'
import type { AppContext } from '../context/app-context.ts'

/** The parameters of a response (RFC 6749 section 4.1.2). */
export const RESPONSE = /[?#&](code|error|state|access_token|id_token)=/

type Result = Promise<AuthenticationResult | null>

/**
 * Creates `handleRedirectPromise`. Calls for the same response share its result, also after a failure. A page without a response
 * loads nothing for it.
 */
export function createRedirectResults(
  returnsToStart: boolean,
  { pending }: Pick<AppContext, 'pending'>,
  handle: (hash: string | undefined, goesToStart: boolean) => Result,
) {
  const results = new Map<string, Result>()
  return (options?: HandleRedirectPromiseOptions | string): Result => {
    // Versions 3 and 4 pass the fragment itself.
    const { hash, navigateToLoginRequestUrl = returnsToStart } =
      typeof options === 'string' ? { hash: options } : (options ?? {})
    // A fragment of a router is no response: then the URL of the page counts.
    const given = hash && RESPONSE.test(hash) ? hash : undefined
    const key = given ?? ''
    const known = results.get(key)
    if (known) return known
    const hasResponse = RESPONSE.test(given ?? location.href)
    // Without a response, the user has come back by herself from a redirect that began here.
    const isExpected = hasResponse || pending.id() !== undefined
    const result = isExpected ? handle(given, navigateToLoginRequestUrl) : Promise.resolve(null)
    results.set(key, result)
    return result
  }
}
