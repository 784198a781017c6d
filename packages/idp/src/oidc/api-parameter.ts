import type { Endpoint } from '../model/endpoints.ts'
import type { SettingsStore } from '../model/settings.ts'

/** Changes the form-encoded parameters of a request before the provider reads them. */
export type ChangeForm = (endpoint: Endpoint, form: string) => string

/**
 * With the setting `apiParameter: 'audience'`, an authorization request names its API by `audience`, as at Auth0. The
 * provider ignores `resource` (RFC 8707) then. The token endpoint ignores both: each token is for the API of the sign-in.
 */
export function createApiParameter(settings: Pick<SettingsStore, 'get'>): ChangeForm {
  return function changeForm(endpoint, form) {
    const isConcerned = endpoint === 'authorization' || endpoint === 'token'
    if (!isConcerned || settings.get().apiParameter === 'resource') return form
    const parameters = new URLSearchParams(form)
    const audiences = parameters.getAll('audience')
    parameters.delete('audience')
    parameters.delete('resource')
    if (endpoint === 'authorization')
      for (const audience of audiences) parameters.append('resource', audience)
    return parameters.toString()
  }
}
