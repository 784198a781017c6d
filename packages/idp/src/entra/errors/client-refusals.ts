import { refusal } from './refusals.ts'

// The errors for confidential clients, as in `refusals.ts`.

export const wrongSecret = (clientId: string) =>
  refusal(
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )

export const credentialNeeded = () =>
  refusal(
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

export const isPublicClient = (clientId: string) =>
  refusal(
    'invalid_client',
    700025,
    `Client '${clientId}' is public so neither 'client_assertion' nor 'client_secret' should be presented.`,
  )

export const wrongSignature = (why: string) =>
  refusal('invalid_client', 700027, `Client assertion failed signature validation. ${why}`)

export const wrongAssertionAudience = (audience: string) =>
  refusal(
    'invalid_client',
    700023,
    `Client assertion audience claim does not match Realm issuer. Audience: '${audience}'.`,
  )

export const assertionNotInTime = () =>
  refusal(
    'invalid_client',
    700024,
    'Client assertion is not within its valid time range. Ensure the time of the client is correct.',
  )

export const assertionReplayed = () =>
  refusal('invalid_client', 700031, "The 'jti' of the client assertion was used before.")

export const noFederatedMatch = (subject: string) =>
  refusal(
    'invalid_client',
    700213,
    `No matching federated identity record found for presented assertion subject '${subject}'.`,
  )

export const tenantNeeded = () =>
  refusal(
    'invalid_request',
    50059,
    'No tenant-identifying information found in either the request or implied by any provided credentials.',
  )

export const onlyDefaultScope = (scope: string) =>
  refusal(
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  )

export const assertionInvalid = (why: string) =>
  refusal('invalid_grant', 50013, `Assertion failed signature validation. ${why}`)

export const assertionForOther = (audience: string) =>
  refusal(
    'invalid_grant',
    500131,
    `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${audience}'.`,
  )

export const assertionExpired = () =>
  refusal('invalid_grant', 500133, 'Assertion is not within its valid time range.')

export const assertionOfApp = () =>
  refusal('invalid_grant', 50001, 'The assertion was issued to an application, not to a user.')
