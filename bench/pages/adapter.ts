/** The result of a page load. */
export interface Arrival {
  readonly signedIn: boolean
  /** The access token, if this load completed an authorization response. */
  readonly accessToken?: string | undefined
}

/** The operations of the bench. Each adapter follows the documentation of its library. */
export interface Adapter {
  /** Creates the client and completes an authorization response in the address. The account is known afterwards. */
  ready(): Promise<Arrival>
  /** Acquires an access token silently: a valid cached token, otherwise a renewed token. */
  silent(): Promise<string>
  /** Usual calls of apps for one token, with more parameters than its scopes. `plain` has scopes only. */
  ordinaryCalls?(): Readonly<Record<string, () => Promise<unknown>>>
  /** The same for a scope of its own, if the library is measured with many tokens. */
  silentFor?(scope: string): Promise<string>
  /** Signs in by redirect, which leaves the page. */
  signInRedirect(): Promise<unknown>
  /** Signs in by popup. Call it in a click handler. Resolves with the access token. */
  signInPopup(): Promise<string>
  /** Removes the account and its tokens, but no other data of the library. */
  forget(): Promise<unknown>
}
