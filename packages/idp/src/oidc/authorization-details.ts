import type {
  AuthorizationDetail,
  OidcContext,
  RichAuthorizationRequestsActiveConfiguration,
} from '../vendor/oidc-provider.ts'

/** The types of authorization details (RFC 9396 §2) that the provider knows. */
export const DETAILS_TYPES = ['account_information', 'payment_initiation'] as const

/**
 * Rich authorization requests (RFC 9396). The provider grants all details of a sign-in. A token contains the details of its
 * token request, else of its sign-in.
 */
export const authorizationDetails: RichAuthorizationRequestsActiveConfiguration = {
  enabled: true,
  types: Object.fromEntries(DETAILS_TYPES.map((type) => [type, { validate: () => undefined }])),
  // The code keeps the details of its authorization request.
  authorizationDetailsForGrantSource: (context) => requested(context),
  authorizationDetailsForAccessToken: (context, _token, source) =>
    requested(context) ?? source?.rar,
}

/** The details of the current request. oidc-provider has validated the parameter before. */
function requested({ oidc }: OidcContext): AuthorizationDetail[] | undefined {
  const details = oidc.params?.authorization_details
  return typeof details === 'string' ? (JSON.parse(details) as AuthorizationDetail[]) : undefined
}
