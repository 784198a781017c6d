import type { AuthorizationRequest } from './authorization.ts'

/** A sign-in by the browser of the user, with a redirect to this machine (RFC 8252). */
export interface InteractiveRequest extends Omit<AuthorizationRequest, 'redirectUri'> {
  /**
   * The redirect URI as it is registered: http on `127.0.0.1`, `[::1]` or `localhost`. Without a port, a free port is used, which
   * providers must allow (RFC 8252 section 7.3). Default: `http://localhost` on Entra, else `http://127.0.0.1/callback`.
   */
  readonly redirectUri?: string | undefined
  /** Opens the URL for the user. Default: the browser of the system. */
  readonly openBrowser?: ((url: string) => void | Promise<void>) | undefined
  /** The longest wait for the user, in milliseconds. Default 5 minutes. */
  readonly timeoutMs?: number | undefined
  /** The pages that the browser shows at the end, as HTML. Default: a sentence in English. */
  readonly pages?: { readonly success: string; readonly failure: string } | undefined
}
