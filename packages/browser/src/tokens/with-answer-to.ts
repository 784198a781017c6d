import type { AccountRegistry, InteractionRequiredError } from '@carnet/core'
import type { AcquireTokenRequest } from '../api/requests.ts'
import { addsTo } from '../flows/authorization/adds-to.ts'

/** The request for the user, with what the error says it takes, unless the app says it. */
export const withAnswerTo = (
  { request: { authority, loginHint, claims } }: InteractionRequiredError,
  request: AcquireTokenRequest,
  accounts: AccountRegistry,
): AcquireTokenRequest => ({
  ...request,
  account: addsTo(request, accounts),
  authority: request.authority ?? authority,
  loginHint:
    (request.sid ?? request.domainHint) ? request.loginHint : (request.loginHint ?? loginHint),
  claims: request.claims ?? claims,
})
