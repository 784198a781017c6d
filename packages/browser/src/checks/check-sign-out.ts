import { areParameters, isBoolean, isOneOf, SET_BY_CARNET } from './check-fields.ts'

/** Parameters of RP-Initiated Logout that an app must not set, with the reason. */
const REFUSALS = new Map([
  ['client_id', SET_BY_CARNET],
  ['state', SET_BY_CARNET],
  ['id_token_hint', ': use the field `idTokenHint`'],
  ['logout_hint', ': use the field `logoutHint`'],
  ['post_logout_redirect_uri', ': use the field `postLogoutRedirectUri`'],
])

const areSignOutParameters = areParameters((name) => REFUSALS.get(name))

/** The rules for the sign-out fields of options and requests. */
export const signOutRules = {
  extraParameters: areSignOutParameters,
  idTokenHint: isBoolean,
  method: isOneOf('auto', 'get', 'post'),
}
