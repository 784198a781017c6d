/** The fields of every token request of a service. */
export interface ServiceRequest {
  /** The scopes of the token. On Entra, tokens for the app need exactly one scope `<resource>/.default`. */
  readonly scopes: readonly string[]
  /** The resource indicator (RFC 8707). On Entra the scopes name the resource. */
  readonly resource?: string | undefined
  /** A claims request (OpenID Connect Core section 5.5), as JSON. Such a token never comes from the cache. */
  readonly claims?: string | undefined
  /** Gets a new token, although the cache holds one. Default false. */
  readonly forceRefresh?: boolean | undefined
  /** Names the call in results and errors. Default: a random id. */
  readonly correlationId?: string | undefined
  /** Ends the waiting of this caller. The request itself continues, and its token is stored. */
  readonly signal?: AbortSignal | undefined
}

/** A request for a token of a user who called the app's API. */
export interface OnBehalfOfRequest extends ServiceRequest {
  /** The access token that the user's client sent to the API. The API must have validated it. */
  readonly assertion: string
}

/** The beginning of a job that continues without its user. */
export interface LongRunningRequest extends OnBehalfOfRequest {
  /** The key of the job. Default: 256 random bits. It is as secret as a session id. */
  readonly key?: string | undefined
}

/** A request for a token of a job. */
export interface SessionRequest extends ServiceRequest {
  /** The key from `longRunning.begin`. */
  readonly key: string
}

/** A token exchange (RFC 8693 section 2.1). */
export interface ExchangeRequest extends ServiceRequest {
  readonly subjectToken: string
  /** Default `urn:ietf:params:oauth:token-type:access_token`. */
  readonly subjectTokenType?: string | undefined
  /** The token of the party that acts for the subject. */
  readonly actorToken?: string | undefined
  /** Default `urn:ietf:params:oauth:token-type:access_token`. */
  readonly actorTokenType?: string | undefined
  /** The logical name of the target service. */
  readonly audience?: string | undefined
  readonly requestedTokenType?: string | undefined
}
