import type { SsoSilentRequest } from '@azure/msal-browser'
import type { AuthClient } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { createHandleRedirect } from './handle-redirect.ts'
import { createInteractions } from './interactions.ts'
import { createLeaving } from './leaving.ts'
import { announceOtherTabs } from './other-tabs.ts'
import { createSignOut } from './sign-out.ts'
import type { WholeRequest } from './silent.ts'
import { ssoSilent } from './sso-silent.ts'
import { ofUnknownAccount } from './unknown-account.ts'

/** The calls that a page with a signed-in user seldom makes. They load beside the first page, or at their first use. */
export function createFlows(context: AppContext) {
  const leaving = createLeaving(context)
  // The logger of the app hears of every event, as with the original. Tokens are no part of the text.
  context.events.addEventCallback(({ eventType, correlationId, error }) => {
    const code = error && 'errorCode' in error ? `: ${error.errorCode}` : ''
    context.logger().verbose(`The event ${eventType} was emitted${code}.`, correlationId)
  })
  return {
    leave: leaving.leave,
    handleRedirect: createHandleRedirect(context),
    ssoSilent: (request: SsoSilentRequest) => ssoSilent(request, context),
    ofUnknownAccount: (request: WholeRequest, notice: () => void) =>
      ofUnknownAccount(request, notice, context),
    announceOtherTabs: (auth: AuthClient) => announceOtherTabs(auth, context),
    interactions: createInteractions(context, leaving),
    signOut: createSignOut(context, leaving),
  }
}

export type Flows = ReturnType<typeof createFlows>
