/** Every code of an `AuthError`, with the advice for the developer of the app. */
export const errorHints = {
  invalid_options: 'Correct the options that the message names; nothing was started.',
  invalid_request: 'Correct the request fields that the message names; nothing was sent.',
  insecure_context:
    'Serve the page over https, or from localhost: browsers offer WebCrypto only in secure contexts. A file or a sandboxed iframe has no origin, so no sign-in can return to it.',
  unsupported_environment:
    'Create the client in the browser only, not during server-side rendering or in a worker. Importing Carnet is safe everywhere.',
  discovery_failed:
    'Open <authority>/.well-known/openid-configuration in a browser: it must return JSON, with CORS for this origin. If it cannot, pass its content as the option `metadata`.',
  unsupported_by_provider:
    'Omit the part of the request that the message names, or choose another provider. Nothing was sent.',
  issuer_mismatch:
    'Set `authority` to exactly the `issuer` that the discovery document states (OpenID Connect Discovery 1.0 section 4.3).',
  network_error:
    'The identity provider could not be reached: offline, blocked by CORS, or down. Try again later; nothing was lost.',
  offline:
    'The browser reports that it is offline, and a request failed. Try again at the `online` event; nothing was lost.',
  intermediary_answered:
    'The response came from a server between the page and the provider. Check the network: a captive portal, a proxy that requires a sign-in, a firewall, or the gateway of the endpoint. Nothing was lost.',
  part_not_loaded:
    'The browser could not load a file of your app that contains a part of Carnet. It is offline, or a newer deployment removed the file. Keep the files of earlier deployments for a while, and reload the page.',
  blocked_by_csp:
    "The page's own Content-Security-Policy blocked the request. Add the origin to the directive; the message names both.",
  redirect_page_unusable:
    "The page at your `redirectUri` did not deliver the response; the message says why. Serve it from your own server with status 200, X-Frame-Options at most SAMEORIGIN, and frame-ancestors with 'self'. Do not serve an old copy from a cache.",
  no_cached_token:
    'The request allows only the cache, which holds no token for it. Add `refresh` or `iframe` to `sources`, or call again without `sources`.',
  timeout: 'The identity provider took too long. Try again later, or raise `requestTimeoutMs`.',
  lock_timeout:
    'Another tab holds the refresh lock. Try again; if this persists, look for a tab that is stopped in a debugger. Nothing was lost.',
  other_tab_failed:
    'Another tab has the refresh token, or has just replaced it, so this tab could not renew. Try again; nothing was lost.',
  popup_timeout:
    'The user did not finish in the popup. Offer the button again, or raise `interaction.timeoutMs`.',
  iframe_timeout:
    'No response came from the hidden iframe. Check that the redirect URI loads in an iframe, and that the provider supports `prompt=none`. Or raise `silent.timeoutMs`, or set `silent: { iframe: false }`.',
  worker_unresponsive:
    'The worker with the refresh tokens did not respond. Try again; if this persists, check the file of `tokenWorker`, or set `tokens: "page"`.',
  server_error: 'The identity provider failed. Try again later; nothing was lost.',
  invalid_response:
    'The identity provider sent an invalid response. Look for the correlation id in the logs of the provider.',
  invalid_id_token:
    'The ID token failed validation (OpenID Connect Core 3.1.3.7) and was discarded. Check the client registration and the clocks.',
  transaction_not_found:
    'No sign-in of this browser waits for the response. The response was used before, or the sign-in began in another browser. Start the sign-in again.',
  transaction_expired:
    'Start the sign-in again. If users need more time at the provider, raise `interaction.transactionLifetimeMs` (default one hour).',
  unusable_response:
    'The provider must send `code` and the `state` of the request to the redirect URI (RFC 6749 section 4.1.2). Check the response type and mode of the client registration.',
  issuer_identification_failed:
    'The response came from another issuer than the request named (RFC 9207): a mix-up attack, or a wrong `authority`.',
  access_denied:
    'The user or the provider refused. Offer the sign-in again; do not repeat it automatically.',
  authentication_expired:
    'The sign-in page of the provider expired twice. Start the sign-in again now; the provider has not failed.',
  authorization_failed:
    'The provider refused the authorization request; `oauth.error` says why. Check the client registration.',
  redirect_uri_not_spa:
    'Register the redirect URI under the platform "Single-page application" in Entra, not "Web" (AADSTS9002326): only then may a browser redeem the code.',
  client_authentication_failed:
    'The provider refused the credential of the app; `oauth.error` says why. Check that the secret has not expired, that the certificate is registered, and that the clock is right. Pass an array of credentials to change a credential without downtime.',
  credential_unusable:
    'The credential cannot be used; the message says why. Check the file, the validity of the certificate, and that the private key belongs to the certificate. Nothing was sent.',
  store_unavailable:
    'The shared store did not answer, and this process holds no copy of the record. Try again when the store is back; nothing was lost.',
  session_not_found:
    'No long-running session has this key: it was ended, its refresh token has expired, or another client began it. Begin it again with a new assertion.',
  no_refresh_token:
    'The provider issued no refresh token, so the job could not continue without its user. Allow the app `offline_access`, or the grant type `refresh_token`.',
  token_request_failed:
    'The provider refused the token request; `oauth.error` says why. Check the client registration.',
  interaction_required:
    'Pass `error.request` to an interactive call; call it in a click handler if it opens a popup.',
  user_cancelled: 'The user cancelled. Offer the sign-in again; do not repeat it automatically.',
  navigation_stopped:
    'The page was not left: the app or the browser stopped the navigation, or the response was a download or had status 204. Offer the action again; a slow provider may still answer.',
  popup_blocked:
    'Make the call in the click handler, before the first `await`. Or ask the user to allow popups, and offer the button again.',
  redirect_in_iframe:
    'Use `interaction: "popup"`: most providers forbid iframes. If your provider allows them, set `interaction: { allowRedirectInIframe: true }`.',
  iframe_refused:
    'The provider must support `prompt=none` in an iframe: check X-Frame-Options, frame-ancestors and your own frame-src. Or set `silent: { iframe: false }`.',
  revocation_failed:
    'The account was removed here; its refresh token may still be valid at the provider.',
  dpop_refused:
    'The proof of possession was refused, or the provider gave a bearer token for it; the message says which. Check that the client may use DPoP, and the clocks. Or set `dpop: "prefer"`.',
  dpop_nonce_unreadable:
    'The server asks for a DPoP nonce, but scripts cannot read it. It must send `Access-Control-Expose-Headers: DPoP-Nonce, WWW-Authenticate`, also with errors.',
  userinfo_failed:
    'The userinfo endpoint refused the access token, or there is none; `oauth` says why. The claims of the ID token are in `account.idTokenClaims`.',
  device_code_expired:
    'The user did not enter the code in time. Begin again, and show the new code.',
  user_not_federated:
    'Only users of a domain that is federated by WS-Trust (AD FS) can sign in with a Kerberos ticket. Use `acquireTokenByDeviceCode`, or a sign-in in the browser.',
  windows_transport_missing:
    'Enable the endpoint `windowstransport` of WS-Trust 1.3 or 2005 at the federation server (AD FS: `Enable-AdfsEndpoint`), for the intranet only.',
  federation_metadata_invalid:
    'The user realm or the metadata of the federation server cannot be used; the message says why. Open the `federation_metadata_url` of the user realm: it must return a WSDL document with https addresses of the same host. No ticket was sent.',
  federation_refused:
    'The federation server refused to issue an assertion; the message has its fault. Look in the event log of the server, and check the trust for the cloud.',
  assertion_refused:
    'Entra refused the assertion of the federation server; `oauth.error` says why. Check the token-signing certificate that the domain has at Entra, the clock of the federation server, and its claim rules.',
  kerberos_unavailable:
    'Install the optional packages `kerberos` and `saxes` beside `@carnet/node`. In place of `kerberos` the request may have a function `negotiate`.',
  kerberos_ticket_missing:
    'The user has no valid Kerberos ticket. Sign in to the domain, or run `kinit`, and check with `klist`.',
  kerberos_spn_unknown:
    'Register the service at the account of the federation server (`setspn -S HTTP/<host> <account>`), or pass its registered name as `spn`.',
  kerberos_clock_skew:
    'Set the clock of this machine by the time server of the domain: Kerberos allows a difference of five minutes.',
  kerberos_failed:
    'No Kerberos token could be made; `cause` has the reason of the system. Check the configuration of the domain (`krb5.conf`), and the function `negotiate`.',
  kerberos_refused:
    'The federation server and this machine do not accept each other by Kerberos. Check the keytab or the account of the service, the clocks, and that no proxy ends the TLS connection.',
  browser_unavailable:
    'No browser could be opened on this machine. Pass `openBrowser`, or use the device code flow.',
  sign_in_timeout:
    'The user did not finish the sign-in in the browser. Begin again, or raise `timeoutMs`.',
  challenge_unmet:
    'The API demanded a stronger or newer sign-in, and the provider did not deliver it. Check the authentication methods of the user and of the client, and the `acr_values` of the API (RFC 9470).',
  challenge_unreadable:
    'The API refused the token, and the page cannot read the reason. Let the API expose the header: `Access-Control-Expose-Headers: WWW-Authenticate, DPoP-Nonce`. Check the syntax of the header (RFC 9110 section 11.6.1).',
  resource_metadata_invalid:
    'The metadata of the API (RFC 9728) is missing or wrong; the message says why. Serve it on the origin of the API, with its `resource` and our issuer in `authorization_servers`. No token was sent.',
  resumable_too_large:
    'The call is too large to be stored during a redirect: its body must be text or bytes of at most 64 KiB. Let the user repeat the action after the redirect, or use `interaction: "popup"`.',
  no_account: 'No user is signed in, or no account is active. Offer the sign-in.',
  account_not_found:
    'Choose an account of `auth.accounts`; this account was removed, or belongs to another client.',
  storage_unavailable:
    'A redirect must store its transaction in IndexedDB or `sessionStorage`, and the browser refuses both. Use `interaction: "popup"`, or check private mode, quota and browser policies.',
  end_session_unsupported:
    'The provider has no end-session endpoint: the account was removed here, but the session at the provider may continue.',
  redirect_loop:
    'The app starts a redirect at each load, although the last redirect did not help; the message says why. Redirect only once at the start, and offer a button after an error: a click allows the next redirect.',
  aborted: 'The `signal` of the request was aborted. Tokens in the cache are kept.',
  client_closed: 'Create a new client: `close()` was called on this client.',
} as const

/** The closed set of error codes. */
export type AuthErrorCode = keyof typeof errorHints
