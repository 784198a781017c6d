/** What became of a page load. */
export interface Arrival {
  readonly signedIn: boolean
  /** The token of the authorization response that this load completed. */
  readonly accessToken?: string | undefined
}

/** What the bench does with a library: one set of verbs, each done as the library's own documents say. */
export interface Adapter {
  /** Creates the client and completes the response in the address, if there is one: then it is known who is there. */
  ready(): Promise<Arrival>
  /** An access token without the user: from the cache while it is valid, else renewed. */
  silent(): Promise<string>
  /** Calls for the same token that say more than its scopes, as apps make them; `plain` among them. */
  ordinaryCalls?(): Readonly<Record<string, () => Promise<unknown>>>
  /** The same for a scope of its own; where a library is measured with many tokens. */
  silentFor?(scope: string): Promise<string>
  /** Leaves the page. */
  signInRedirect(): Promise<unknown>
  /** Call it in the click. Resolves with the access token. */
  signInPopup(): Promise<string>
  /** Removes the user and the tokens here, and nothing that a library keeps beside them. */
  forget(): Promise<unknown>
}
