import { isJsonObject } from '../model/json.ts'
import type { SettingsStore } from '../model/settings.ts'
import { type ChangeForm, createApiParameter } from './api-parameter.ts'

/** Changes parameters for which oidc-provider has no setting: the API by `audience`, and claims of the access token. */
export function createFormChanges(settings: Pick<SettingsStore, 'get'>): ChangeForm {
  const changeApi = createApiParameter(settings)

  return function changeForm(endpoint, form) {
    const changed = changeApi(endpoint, form)
    const isConcerned = endpoint === 'authorization' || endpoint === 'par'
    if (!isConcerned) return changed
    return withCompleteClaims(settings.get().dpop === 'off' ? withoutKey(changed) : changed)
  }
}

/** A provider without DPoP ignores the thumbprint of the key (RFC 9449 §10). */
function withoutKey(form: string): string {
  if (!form.includes('dpop_jkt=')) return form
  const parameters = new URLSearchParams(form)
  parameters.delete('dpop_jkt')
  return parameters.toString()
}

/** oidc-provider refuses a claims request that has only claims of the access token, as challenges have. */
function withCompleteClaims(form: string): string {
  if (!form.includes('claims=')) return form
  const parameters = new URLSearchParams(form)
  const claims = parse(parameters.get('claims'))
  if (!isJsonObject(claims) || claims.id_token || claims.userinfo) return form
  parameters.set('claims', JSON.stringify({ ...claims, id_token: {} }))
  return parameters.toString()
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
