import type { State } from '../state/state.ts'
import { Provider, useNonces } from '../vendor/oidc-provider.ts'
import { createConfiguration } from './configuration.ts'
import { setForEveryBrowser } from './cookies.ts'
import { revokeTokensOf } from './logout.ts'
import { recordIssued } from './record-issued.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Creates the OpenID Provider of `issuer`. The caller adds middleware with `use`. */
export function createProvider(issuer: string, keys: SigningKeys, state: State): Provider {
  const provider = new Provider(issuer, createConfiguration(issuer, keys, state))

  useNonces(provider, () =>
    state.settings.get().authorizationServerNonces === 'off'
      ? undefined
      : state.nonces.authorizationServer,
  )

  // oidc-provider and the pages both get their cookies from this method.
  const createContext = provider.createContext.bind(provider)
  provider.createContext = (request, response) => {
    const context = createContext(request, response)
    setForEveryBrowser(context.cookies, issuer.startsWith('https:'))
    return context
  }

  // oidc-provider adds `sid` only for back-channel logout, but clients here expect it in each ID token.
  provider.Client.prototype.includeSid = () => true

  recordIssued(provider, state.issued)
  provider.on('end_session.success', ({ oidc }) => {
    if (oidc.params?.logout && oidc.session) revokeTokensOf(oidc.session.uid, state.store)
  })
  return provider
}
