import { refusal } from './refusals.ts'

// The errors of the device code flow, as in `refusals.ts`.

export const authorizationPending = () =>
  refusal(
    'authorization_pending',
    70016,
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  )

export const badVerificationCode = () =>
  refusal(
    'bad_verification_code',
    70018,
    "The provided value for the input parameter 'device_code' is not valid.",
  )

export const deviceCodeExpired = () =>
  refusal(
    'expired_token',
    70020,
    "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
  )

export const authorizationDeclined = () =>
  refusal('authorization_declined', 65004, 'The end user has denied the authorization request.')
