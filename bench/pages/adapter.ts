/** The result of a page load. */
export interface Arrival {
  readonly signedIn: boolean
  /** The access token, if this load completed an authorization response. */
  readonly accessToken?: string | undefined
}

/** The operations of the bench. Each adapter follows the documentation of its library. */
export interface Adapter {
  /** Creates the client, and completes an authorization response in the address. Then the client knows its accounts. */
  ready(): Promise<Arrival>
  /** Acquires an access token silently: a valid cached token, otherwise a renewed token. */
  silent(): Promise<string>
  /** Usual calls of apps for one token, with more parameters than scopes. `plain` has scopes only. */
  ordinaryCalls?(): Readonly<Record<string, () => Promise<unknown>>>
  /** A call of an API with its token, and the same call by the bare `fetch`. A stub of `fetch` answers both. */
  apiCalls?(): Readonly<Record<'bare' | 'authorized', () => Promise<unknown>>>
  /** Acquires a token for the scope silently. Absent if the bench measures the library with one token only. */
  silentFor?(scope: string): Promise<string>
  /** Signs in by redirect, which leaves the page. */
  signInRedirect(): Promise<unknown>
  /** Signs in by popup. Call it in a click handler. Resolves with the access token. */
  signInPopup(): Promise<string>
  /** Removes the account and its tokens, but no other data of the library. */
  forget(): Promise<unknown>
}
