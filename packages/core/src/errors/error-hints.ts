/** Every code an `AuthError` can carry, with what the developer of the app should do about it. */
export const errorHints = {
  invalid_options: 'Correct the options that the message names; nothing was started.',
  invalid_request: 'Correct the request fields that the message names; nothing was sent.',
  insecure_context:
    'Serve the page over https, or from localhost: browsers give WebCrypto to secure contexts only. Files and sandboxed frames have no origin that a sign-in can return to.',
  unsupported_environment:
    'Create the client in the browser only, not during server-side rendering or in a worker. To import Carnet does no harm anywhere.',
  discovery_failed:
    'Open <authority>/.well-known/openid-configuration in a browser: it must answer JSON, with CORS for this origin. If it cannot, pass its content as the option `metadata`.',
  unsupported_by_provider:
    'Leave out the part of the request that the message names, or choose another provider. Nothing was sent.',
  issuer_mismatch:
    'Set `authority` to exactly the `issuer` that the discovery document states (OpenID Connect Discovery 1.0 section 4.3).',
  network_error:
    'The identity provider could not be reached: offline, blocked by CORS, or down. Try again later; nothing was lost.',
  offline:
    'The browser says that it is offline, and a request failed as well. Try again when the `online` event comes; nothing was lost.',
  intermediary_answered:
    'The provider did not answer; something between it and the page did. Check the network: a captive portal, a proxy that wants a sign-in, a firewall, or the gateway of the endpoint. Nothing was lost.',
  part_not_loaded:
    "A file of your own app, with a part of Carnet in it, could not be loaded from the app's host. The browser is offline, or a newer deployment removed the file: keep the files of earlier deployments for a while, and reload the page.",
  blocked_by_csp:
    "The page's own Content-Security-Policy refused the request, not the provider. Add the origin that the message names to the directive that the message names.",
  redirect_page_unusable:
    "The page at your `redirectUri` did not hand over the response; the message says why. Let your own server answer it with status 200, with X-Frame-Options at most SAMEORIGIN and frame-ancestors with 'self', and not from an old cache.",
  timeout: 'The identity provider took too long. Try again later, or raise `requestTimeoutMs`.',
  lock_timeout:
    'Another tab is still renewing. Try again; if this persists, look for a tab that is stopped in a debugger. Nothing was lost.',
  other_tab_failed:
    'The refresh token lies in the worker of another tab, and that tab could not renew. Try again later; nothing was lost.',
  popup_timeout:
    'The user did not finish in the window. Offer the button again, or raise `interaction.timeoutMs`.',
  iframe_timeout:
    'Nothing came back from the hidden frame. Check that the redirect URI loads in a frame and that the provider answers `prompt=none`, raise `silent.timeoutMs`, or set `silent: { iframe: false }`.',
  worker_unresponsive:
    'The worker that keeps the refresh tokens did not answer. Try again; if this persists, check the file of `tokenWorker`, or set `tokens: "page"`.',
  server_error: 'The identity provider failed. Try again later; nothing was lost.',
  invalid_response:
    'The identity provider answered something that is not a valid response. Its logs, by the correlation id, should say why.',
  invalid_id_token:
    'The ID token failed validation (OpenID Connect Core 3.1.3.7) and was discarded. Check the client registration and the clocks.',
  transaction_not_found:
    'Nobody here waits for this response: it was already used, or the sign-in began in another browser. Start the sign-in again.',
  transaction_expired:
    'Start the sign-in again. Users who need more time at the provider: raise `interaction.transactionLifetimeMs` (default one hour).',
  unusable_response:
    'The provider must send `code` and the `state` of the request to the redirect URI (RFC 6749 section 4.1.2). Check the response type and mode of the client registration.',
  issuer_identification_failed:
    'The response came from another issuer than the one asked (RFC 9207): a mix-up attack, or a wrong `authority`.',
  access_denied:
    'The user or the provider refused. Offer the sign-in again; do not repeat it by yourself.',
  authentication_expired:
    "The provider's sign-in page had expired, also at a second attempt. Start the sign-in again now; the provider has not failed.",
  authorization_failed:
    'The provider refused the authorization request; `oauth.error` says why. Check the client registration.',
  redirect_uri_not_spa:
    'Register the redirect URI under the platform "Single-page application" in Entra, not "Web" (AADSTS9002326): only then may a browser redeem the code.',
  token_request_failed:
    'The provider refused the token request; `oauth.error` says why. Check the client registration.',
  interaction_required:
    'Pass `error.request` to an interactive call, from a click where it is a popup.',
  user_cancelled: 'The user gave up. Offer the sign-in again; do not repeat it by yourself.',
  navigation_stopped:
    'The app, the browser or the kind of the response (a download, status 204) kept the page from being left. Offer the action again; a provider that is only slow may still answer.',
  popup_blocked:
    'Call it in the click handler, before the first `await`, or ask the user to allow windows and offer the button again.',
  redirect_in_iframe:
    'Use `interaction: "popup"`: most providers refuse to be shown in a frame. Where yours does not, set `interaction: { allowRedirectInIframe: true }`.',
  iframe_refused:
    'The provider must answer `prompt=none` in a frame; check X-Frame-Options, frame-ancestors and your own frame-src. Or set `silent: { iframe: false }`.',
  revocation_failed: 'The account was removed here; its refresh token may live on at the provider.',
  userinfo_failed:
    'The userinfo endpoint refused the access token, or there is none; `oauth` says why. What the ID token said is in `account.idTokenClaims`.',
  no_account: 'Nobody is signed in, or no account was made active. Offer the sign-in.',
  account_not_found:
    'Pick one of `auth.accounts`; this one was removed, or belongs to another client.',
  storage_unavailable:
    'The redirect needs IndexedDB or `sessionStorage` to survive the navigation, and the browser refuses both. Use `interaction: "popup"`, or check private mode, quota and browser policies.',
  end_session_unsupported:
    "The provider has no end-session endpoint: the account was removed here, the provider's own session may live on.",
  redirect_loop:
    'The app starts a redirect at each load, although the last one did not help; the message says what came of it. Sign in only once at the start, and offer a button after an error: a click lets the next redirect go.',
  aborted: 'The `signal` of the request was aborted. Nothing already held was lost.',
  client_closed: 'Create a new client: this one was closed with `close()`.',
} as const

/** The closed set of error codes. */
export type AuthErrorCode = keyof typeof errorHints
