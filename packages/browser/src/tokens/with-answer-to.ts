import type { AccountRegistry, InteractionRequiredError } from '@carnet/core'
import type { AcquireTokenRequest } from '../api/requests.ts'
import { addsTo } from '../flows/authorization/adds-to.ts'

/** The request for the interaction, with the fields of the error's request, unless the app sets them. */
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
