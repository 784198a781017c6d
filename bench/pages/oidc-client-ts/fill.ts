import { User } from 'oidc-client-ts'
import { ACCESS_TOKEN, claimsOf, unsignedJwt } from '../fill.ts'
import { authority, CLIENT_ID, SCOPES } from '../setting.ts'
import { createManager } from './manager.ts'

window.fill = async () => {
  const profile = claimsOf(authority, CLIENT_ID)
  await createManager().storeUser(
    new User({
      access_token: ACCESS_TOKEN,
      id_token: unsignedJwt(profile),
      refresh_token: 'unused',
      token_type: 'Bearer',
      scope: SCOPES.join(' '),
      profile,
      expires_at: profile.exp,
    }),
  )
  return 1 // The library holds one token per client.
}
