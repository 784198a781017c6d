import type { SsoSilentRequest } from '@azure/msal-browser'
import type { AppContext } from '../context/app-context.ts'
import { createHandleRedirect } from './handle-redirect.ts'
import { createInteractions } from './interactions.ts'
import { createLeaving } from './leaving.ts'
import { createSignOut } from './sign-out.ts'
import { ssoSilent } from './sso-silent.ts'

/** The calls that a page with a signed-in user seldom makes. They load beside the first page, or at their first use. */
export function createFlows(context: AppContext) {
  const leaving = createLeaving(context)
  return {
    leave: leaving.leave,
    handleRedirect: createHandleRedirect(context),
    ssoSilent: (request: SsoSilentRequest) => ssoSilent(request, context),
    interactions: createInteractions(context, leaving),
    signOut: createSignOut(context, leaving),
  }
}

export type Flows = ReturnType<typeof createFlows>
