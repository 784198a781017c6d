import type { IssuedStore } from '../model/issued.ts'
import type { Provider } from '../vendor/oidc-provider.ts'

/** Records every code and token that the provider issues. */
export function recordIssued(provider: Provider, issued: IssuedStore): void {
  provider.on('authorization.success', (_context, response) => issued.add('codes', response?.code))
  provider.on('grant.success', ({ body }) => {
    const response = body as Record<string, unknown>
    issued.add('accessTokens', response.access_token)
    issued.add('refreshTokens', response.refresh_token)
    issued.add('idTokens', response.id_token)
  })
}
