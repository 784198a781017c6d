/** A call of the backend that failed. */
export class BackendError extends Error {
  override readonly name = 'BackendError'
  /** The `error` of the answer; `offline` if no answer came. */
  readonly code: string
  /** The path at which the user signs in again, if the call needs the user. */
  readonly loginUrl: string | undefined

  constructor(code: string, details: { loginUrl?: string | undefined; cause?: unknown } = {}) {
    super(`The call failed: ${code}.`, { cause: details.cause })
    this.code = code
    this.loginUrl = details.loginUrl
  }
}

/** The path of the sign-in, which leads back to the place where the user is now. */
export function signInUrl(loginUrl = '/login'): string {
  const url = new URL(loginUrl, location.origin)
  url.searchParams.set('returnTo', `/${location.hash}`)
  return url.pathname + url.search
}
