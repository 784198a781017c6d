import type { State } from '../state/state.ts'
import type { Middleware, OidcContext } from '../vendor/oidc-provider.ts'
import { changeAuthorizationResponse } from './authorization-response.ts'
import { discoveryDocument } from './discovery.ts'
import type { SigningKeys } from './signing-keys.ts'
import { changeTokenResponse } from './token-response.ts'

/** Changes responses of oidc-provider according to the settings and the faults. */
export function createAnswerChanges(keys: SigningKeys, state: State): Middleware {
  const changeRedirect = changeAuthorizationResponse(state.answerFaults)
  const changeTokens = changeTokenResponse(keys, state)

  return async function changeAnswers(context, next) {
    await next()
    const route = (context.oidc as OidcContext['oidc'] | undefined)?.route
    const answered = context as OidcContext
    if (route === 'discovery')
      answered.body = discoveryDocument(answered.body, state.settings.get())
    if (route === 'token') await changeTokens(answered)
    if (route === 'authorization' || route === 'resume') changeRedirect(answered)
  }
}
