import { type Check, isBoolean, isOneOf } from './check-fields.ts'

/** Parameters of RP-Initiated Logout that Carnet sets, with advice for the app. */
const OWN_PARAMETERS: Readonly<Record<string, string>> = {
  client_id: 'Carnet sets it itself',
  state: 'Carnet sets it itself',
  id_token_hint: 'use the field `idTokenHint`',
  logout_hint: 'use the field `logoutHint`',
  post_logout_redirect_uri: 'use the field `postLogoutRedirectUri`',
}

const areSignOutParameters: Check = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must be an object of strings'
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') return `holds \`${name}\`, which is not a string`
    if (Object.hasOwn(OWN_PARAMETERS, name)) return `holds \`${name}\`: ${OWN_PARAMETERS[name]}`
  }
  return undefined
}

/** The rules for the sign-out fields of options and requests. */
export const signOutRules = {
  extraParameters: areSignOutParameters,
  idTokenHint: isBoolean,
  method: isOneOf('auto', 'get', 'post'),
}
