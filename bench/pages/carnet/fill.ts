import { seedSession } from '@carnet/browser/testing'
import { ACCESS_TOKEN, claimsOf, LIFETIME_SECONDS, scopesOf } from '../fill.ts'
import { authority, CLIENT_ID } from '../setting.ts'

window.fill = async (count) => {
  await seedSession({
    clientId: CLIENT_ID,
    authority,
    account: claimsOf(authority, CLIENT_ID),
    refreshToken: 'unused',
    tokens: scopesOf(count).map((scope) => ({
      scopes: [scope],
      accessToken: ACCESS_TOKEN,
      expiresIn: LIFETIME_SECONDS,
    })),
  })
  return count
}
