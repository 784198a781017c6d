/** An error of Entra. */
export interface Refusal {
  readonly kind: 'refusal'
  /** RFC 6749 §4.1.2.1 and §5.2. */
  readonly error: string
  /** The number after `AADSTS`. */
  readonly code: number
  readonly message: string
  readonly suberror?: string
  /** The claims challenge for the next authorization request, as JSON. */
  readonly claims?: string
  /** `error_subcode`, in authorization responses only. */
  readonly subcode?: string
}

export const isRefusal = (value: object): value is Refusal =>
  'kind' in value && value.kind === 'refusal'

type More = Pick<Refusal, 'suberror' | 'claims' | 'subcode'>

export const refusal = (
  error: string,
  code: number,
  message: string,
  more: More = {},
): Refusal => ({
  kind: 'refusal',
  error,
  code,
  message,
  ...more,
})

// One function for each error. The messages are shortened messages of Entra. Clients decide on `error`,
// `suberror` and the number; only people read the message.

export const unknownTenant = (name: string) =>
  refusal(
    'invalid_tenant',
    90002,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  )

export const unknownClient = (clientId: string, tenant: string) =>
  refusal(
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`,
  )

export const wrongRedirectUri = (uri: string, clientId: string) =>
  refusal(
    'invalid_request',
    50011,
    `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
  )

export const otherRedirectUri = (uri: string, first: string) =>
  refusal(
    'invalid_client',
    500112,
    `The reply address '${uri}' does not match the reply address '${first}' provided when requesting Authorization code.`,
  )

export const missing = (parameter: string) =>
  refusal(
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${parameter}'.`,
  )

export const unsupported = (parameter: string, value: string) =>
  refusal('invalid_request', 90023, `Unsupported '${parameter}' value: '${value}'.`)

export const unsupportedResponseType = (value: string, clientId: string) =>
  refusal(
    'unsupported_response_type',
    700051,
    `response_type '${value}' is not enabled for the application '${clientId}'.`,
  )

export const unsupportedGrantType = (value: string) =>
  refusal(
    'unsupported_grant_type',
    70003,
    `The app requested an unsupported grant type '${value}'.`,
  )

export const pkceRequired = () =>
  refusal(
    'invalid_request',
    9002325,
    'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  )

export const wrongVerifier = () =>
  refusal(
    'invalid_grant',
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  )

export const noOrigin = () =>
  refusal(
    'invalid_request',
    9002327,
    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
  )

export const wrongOrigin = (origin: string) =>
  refusal(
    'invalid_request',
    9002326,
    `Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '${origin}'.`,
  )

export const codeRedeemed = () =>
  refusal(
    'invalid_grant',
    54005,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  )

export const codeUnknown = () =>
  refusal('invalid_grant', 70008, 'The provided authorization code or refresh token has expired.')

export const refreshTokenUnknown = () =>
  refusal(
    'invalid_grant',
    70000,
    "The provided value for the input parameter 'refresh_token' is not valid.",
    { suberror: 'bad_token' },
  )

export const refreshTokenRevoked = (issuedAt: string) =>
  refusal(
    'invalid_grant',
    50173,
    `The provided grant has expired due to it being revoked, a fresh auth token is needed. The grant was issued on '${issuedAt}'.`,
    { suberror: 'bad_token' },
  )

export const refreshTokenEnded = (lifetime: string, issuedAt: string) =>
  refusal(
    'invalid_grant',
    700084,
    `The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of ${lifetime}, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on ${issuedAt}.`,
    { suberror: 'bad_token' },
  )

export const refreshTokenExpired = () =>
  refusal('invalid_grant', 700082, 'The refresh token has expired due to inactivity.', {
    suberror: 'bad_token',
  })

export const unknownResource = (name: string, tenant: string) =>
  refusal(
    'invalid_resource',
    500011,
    `The resource principal named ${name} was not found in the tenant named ${tenant}.`,
  )

export const unknownScope = (scope: string, resource: string) =>
  refusal(
    'invalid_client',
    650053,
    `The application asked for scope '${scope}' that doesn't exist on the resource '${resource}'. Contact the app vendor.`,
  )

export const defaultWithOthers = (scope: string) =>
  refusal(
    'invalid_scope',
    70011,
    `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid. .default scope can't be combined with resource-specific scopes.`,
  )

export const severalResources = (scope: string) =>
  refusal(
    'invalid_request',
    28000,
    `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`,
  )

export const scopeNeeded = () =>
  refusal(
    'invalid_request',
    28003,
    'Provided value for the input parameter scope cannot be empty when requesting an access token using the provided authorization code. Please specify a valid scope.',
  )

const notConsented = (error: string, clientId: string) =>
  refusal(
    error,
    65001,
    `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
    { suberror: 'consent_required' },
  )

export const consentRequired = (clientId: string) => notConsented('consent_required', clientId)
export const grantWithoutConsent = (clientId: string) => notConsented('invalid_grant', clientId)

export const adminConsentRequired = (error: string, tenant: string) =>
  refusal(error, 90094, `Administrator consent is required in '${tenant}'.`)

export const declined = () =>
  refusal('access_denied', 65004, 'User declined to consent to access the app.', {
    subcode: 'cancel',
  })

export const loginRequired = () =>
  refusal('login_required', 50058, 'A silent sign-in request was sent but no user is signed in.')

export const unknownSession = () =>
  refusal(
    'interaction_required',
    160021,
    'Application requested a user session which does not exist.',
  )

export const severalAccounts = () =>
  refusal(
    'interaction_required',
    16000,
    'Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
  )

export const notInTenant = (error: string, email: string, tenant: string) =>
  refusal(
    error,
    50020,
    `User account '${email}' does not exist in tenant '${tenant}' and cannot access the application in that tenant.`,
  )

/** @param claims The claims challenge for a new authorization request. */
export const mfaRequired = (claims: string) =>
  refusal(
    'interaction_required',
    50076,
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication.',
    { suberror: 'basic_action', claims },
  )
