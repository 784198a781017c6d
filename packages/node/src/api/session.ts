import type { Account } from '@carnet/core'
import type { ResourceRules } from '@carnet/core/resources'
import type { UserTokens } from './web-app.ts'

/** The options of `createSessions`. */
export interface SessionOptions {
  /** The origin at which browsers see the app, for example `https://app.example`. Over http: only on this machine. */
  readonly origin: string
  /** A session ends after this time without a request, in milliseconds. Default 30 minutes. */
  readonly idleTimeoutMs?: number | undefined
  /** A session ends this long after its sign-in, in milliseconds. Default 12 hours. */
  readonly absoluteTimeoutMs?: number | undefined
  /** The name of the cookie, after `__Host-`. Default `carnet-session`. */
  readonly cookieName?: string | undefined
  /** True: the tokens of a user outlive the last session, for background jobs. Default false: they are deleted. */
  readonly keepTokens?: boolean | undefined
}

/** The session of one browser. */
export interface WebSession {
  readonly account: Account
  /** The tokens of the user. */
  readonly user: UserTokens
  readonly createdOn: Date
  /** The end of the session, if no further request comes. */
  readonly expiresOn: Date
}

/** The sessions of a web app. A browser has a random id only; the store has a hash of it. No token is in a cookie. */
export interface Sessions {
  /**
   * Begins a session after a sign-in. It has a new id (session fixation), and ends the earlier session of the browser.
   *
   * @param request The request of the browser.
   * @returns `Set-Cookie` values.
   */
  begin(account: Account, request: Request): Promise<{ readonly cookies: readonly string[] }>
  /**
   * Reads the session of a request, and postpones its idle timeout.
   *
   * @throws AuthError `store_unavailable` if the store is down and this process has not seen the session; transient.
   */
  read(request: Request): Promise<WebSession | undefined>
  /**
   * Ends the session of a request. The last session of a user also deletes the tokens, unless `keepTokens` is set.
   *
   * @returns `Set-Cookie` values, and the URL that ends the session at the provider; `undefined` if there is none.
   */
  end(
    request: Request,
    options?: { readonly postLogoutRedirectUri?: string | undefined },
  ): Promise<{ readonly cookies: readonly string[]; readonly url: string | undefined }>
  /** Answers a logout token of the provider (OpenID Connect Back-Channel Logout 1.0 section 2.5). */
  backChannelLogout(request: Request): Promise<Response>
  /** Answers the logout page of the provider (OpenID Connect Front-Channel Logout 1.0 section 2). */
  frontChannelLogout(request: Request): Promise<Response>
}

/** The paths of a BFF. */
export interface BffPaths {
  /** Default `/login`. */
  readonly login: string
  /** The path of the redirect URI. Default `/callback`. */
  readonly callback: string
  /** Default `/logout`. */
  readonly logout: string
  /** Default `/me`. */
  readonly me: string
  /** Default `/backchannel-logout`. */
  readonly backChannelLogout: string
  /** Default `/frontchannel-logout`. */
  readonly frontChannelLogout: string
}

/** The options of `createBff`. */
export interface BffOptions extends SessionOptions {
  /** The scopes of the sign-in. */
  readonly scopes: readonly string[]
  /** The resource indicator of the sign-in (RFC 8707). */
  readonly resource?: string | undefined
  readonly paths?: Partial<BffPaths> | undefined
  /**
   * The APIs behind the app: a path of the app that ends with a slash, and the https URL that replaces it. `{ '/api/':
   * 'https://api.example.com/v1/' }` sends `/api/events` to `https://api.example.com/v1/events`.
   */
  readonly proxy?: Readonly<Record<string, string>> | undefined
  /** The scopes for the URLs of the APIs, as in `auth.fetch` of `@carnet/browser`. A URL without a token is not called. */
  readonly resources?: ResourceRules | undefined
  /** The page after a sign-out, as it is registered at the provider. Default: the page of the provider, else `/`. */
  readonly postLogoutRedirectUri?: string | undefined
  /** The path that receives `?error=<code>` if a sign-in fails. Default `/`. */
  readonly errorPath?: string | undefined
  /** The longest wait for the headers of an API, in milliseconds. Default 30 000. */
  readonly proxyTimeoutMs?: number | undefined
  /** Replaces the global `fetch` in requests to APIs. */
  readonly fetch?: typeof fetch | undefined
}

/** A backend for frontend (RFC 10017): a single-page app signs in and calls its APIs without a token in the browser. */
export interface Bff {
  /** Answers a request to one of its paths; `undefined` for all other paths. It never throws for a request. */
  handle(request: Request): Promise<Response | undefined>
  readonly sessions: Sessions
}
