import type { ResponseFault } from '../model/faults.ts'
import type { IssuedStore } from '../model/issued.ts'
import { isJsonObject, type JsonObject, overlay } from '../model/json.ts'
import type { State } from '../state/state.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Changes a token response (RFC 6749 §5.1) according to the settings and the fault of the request. */
export function changeTokenResponse(
  keys: SigningKeys,
  { answerFaults, issued, settings }: Pick<State, 'answerFaults' | 'issued' | 'settings'>,
) {
  return async function changeTokens(context: OidcContext): Promise<void> {
    if (!isJsonObject(context.body)) return
    let response: JsonObject = context.body

    const isRefresh = context.oidc.params?.grant_type === 'refresh_token'
    if (isRefresh && !settings.get().signedIdTokenOnRefresh) {
      response = overlay(response, { id_token: null })
    }

    const { refreshIn } = settings.get()
    if (refreshIn !== null && response.access_token !== undefined)
      response = overlay(response, { refresh_in: refreshIn })

    if (settings.get().announceRefreshTokenExpiry && response.refresh_token !== undefined) {
      const { refreshTokenLifetime } = settings.get()
      response = overlay(response, {
        refresh_token_timeout: refreshTokenLifetime,
        authorization_expires_in: refreshTokenLifetime * 2,
      })
    }

    context.body = await spoil(response, answerFaults.get(context.req), { keys, issued })
  }
}

/** Applies the fault to a token response. */
export async function spoil(
  response: JsonObject,
  fault: ResponseFault | undefined,
  { keys, issued }: { keys: SigningKeys; issued: IssuedStore },
): Promise<JsonObject> {
  if (fault?.kind === 'tokenResponse') return overlay(response, fault.set)
  if (fault?.kind !== 'idToken' || typeof response.id_token !== 'string') return response
  const idToken = await keys.resign(response.id_token, fault)
  issued.add('idTokens', idToken)
  return overlay(response, { id_token: idToken })
}
