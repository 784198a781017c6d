/** The user of a Kerberos token that was accepted. */
export interface AcceptedToken {
  /** The principal, such as `alice@CONTOSO.EXAMPLE`. */
  readonly principal: string
  /** The token with which the server proves its own identity, in base64; empty if there is none. */
  readonly answer: string
}

/** Verifies the token of `Authorization: Negotiate`, in base64. It rejects for a token that is forged or used before. */
export type AcceptToken = (token: string) => Promise<AcceptedToken>

/** Makes the users of the home tenant federated: a server like AD FS signs them in by their Kerberos tickets. */
export interface FederationOptions {
  /** The Kerberos realm of the users. Principals of other realms are no users. */
  readonly realm: string
  /** Verifies Kerberos tokens: `acceptKerberos()`, or a function of a test. */
  readonly accept: AcceptToken
  /** The versions of WS-Trust with an endpoint `windowstransport`. Default: both. */
  readonly trustVersions?: readonly ('1.3' | '2005')[]
  /** The version of the assertions. Default 1.1, as AD FS issues them for Entra. */
  readonly saml?: '1.1' | '2.0'
}
