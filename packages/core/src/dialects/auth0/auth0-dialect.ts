import { oidcDialect } from '../oidc/oidc-dialect.ts'
import type { ProviderDialect } from '../provider-dialect.ts'

/** Auth0: a request names the API by `audience` instead of `resource` (RFC 8707). The other rules are the rules of `oidc`. */
export const auth0Dialect: ProviderDialect = {
  ...oidcDialect,
  name: 'auth0',
  authorizationParameters: ({ resource }) => audienceOf(resource),
  // The code is bound to the audience of its authorization request.
  codeParameters: () => ({}),
  refreshParameters: ({ resource }) => audienceOf(resource),
  // The token would be for the API of the sign-in, and Carnet would keep it as a token for the requested API.
  ignoresOtherResource: true,
}

/** Without a resource, the `audience` in the parameters of the app stays. */
const audienceOf = (resource: string | undefined) =>
  resource === undefined ? {} : { audience: resource }
