import * as oauth from 'oauth4webapi'
import { AuthError } from '../errors/errors.ts'
import { oauthClient, oauthServer, type ProtocolDeps, tokenFields, viaHttp } from './deps.ts'
import type { HttpAnswer } from './http.ts'
import { intermediaryError, isOfIntermediary, tokenEndpointError } from './oauth-error.ts'
import { fromVendorError } from './vendor-error.ts'

const ENDPOINT = 'device authorization endpoint'

/** The response of the device authorization endpoint (RFC 8628 section 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: string
  readonly userCode: string
  readonly verificationUri: string
  /** The URI with the code in it, if the provider offers it. */
  readonly verificationUriComplete: string | undefined
  readonly expiresInMs: number
  /** The shortest pause between two requests; `undefined` if the provider states none. */
  readonly intervalMs: number | undefined
}

/**
 * Requests a device code for a public client (RFC 8628 section 3.1).
 *
 * @throws AuthError `unsupported_by_provider` if the provider has no device authorization endpoint.
 */
export async function requestDeviceCode(
  parameters: Readonly<Record<string, string>>,
  deps: ProtocolDeps,
): Promise<DeviceAuthorization> {
  if (deps.metadata.device_authorization_endpoint === undefined)
    throw new AuthError('unsupported_by_provider', 'The provider has no device code flow.')
  const client = oauthClient(deps)
  const server = oauthServer(deps)
  let heard: HttpAnswer | undefined
  try {
    const response = await oauth.deviceAuthorizationRequest(
      server,
      client,
      oauth.None(),
      { ...parameters },
      viaHttp(deps.http, (answer) => {
        heard = answer
      }),
    )
    if (heard && response.status !== 200)
      throw tokenEndpointError(heard, [], deps.now(), 0, ENDPOINT)
    if (heard && !tokenFields(heard.body) && isOfIntermediary(heard))
      throw intermediaryError(`the ${ENDPOINT}`, heard.status)
    const found = await oauth
      .processDeviceAuthorizationResponse(server, client, response)
      .catch((cause) => {
        const message = `The response of the ${ENDPOINT} is not valid.`
        throw new AuthError('invalid_response', message, { cause })
      })
    return {
      deviceCode: found.device_code,
      userCode: found.user_code,
      verificationUri: found.verification_uri,
      verificationUriComplete: found.verification_uri_complete,
      expiresInMs: found.expires_in * 1000,
      intervalMs: found.interval === undefined ? undefined : found.interval * 1000,
    }
  } catch (error) {
    throw fromVendorError(error)
  }
}
